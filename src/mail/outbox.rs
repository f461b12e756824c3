pub struct Draft { pub kind: crate::entity::values::MessageKind, pub teacher_id: uuid::Uuid, pub address: String, pub subject_id: uuid::Uuid, pub subject_version: i32, pub lead_minutes: i32, pub send_at: chrono::DateTime<chrono::Utc>, pub expires_at: chrono::DateTime<chrono::Utc> }
pub async fn enqueue(_txn: &crate::scope::Txn, _d: Vec<Draft>) -> crate::error::Result<usize> { Ok(0) }

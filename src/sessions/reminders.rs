pub struct Recipient {
    pub teacher_id: uuid::Uuid,
    pub address: String,
}
pub fn announce(
    _s: &crate::entity::research_session::Model,
    _k: crate::entity::values::MessageKind,
    _r: &Recipient,
    _now: chrono::DateTime<chrono::Utc>,
) -> Vec<crate::mail::outbox::Draft> {
    Vec::new()
}

pub struct SessionLetters;
impl SessionLetters { pub fn new(_c: crate::mail::Contact) -> Self { Self } }
impl crate::mail::Render for SessionLetters { fn render<'a>(&'a self, _s: &'a crate::scope::Scope, m: &'a [crate::entity::message::Model]) -> futures_util::future::BoxFuture<'a, crate::error::Result<Vec<crate::mail::Rendered>>> { Box::pin(async move { Ok(m.iter().map(|_| crate::mail::Rendered::Stale).collect()) }) } }

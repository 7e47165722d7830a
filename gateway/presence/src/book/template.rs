//! Which template a page shows, by what is known in memory.

use directory_model::id::TenantId;
use directory_model::template::TemplateKind;

use super::Book;
use crate::facts::TemplateFacts;
use crate::view::View;

impl Book {
    /// The template of a kind that the page under `key` shows, and whose it is; nothing instead of the built-in one.
    pub fn template(&self, key: &str, kind: TemplateKind) -> Option<(TenantId, Option<TemplateFacts>)> {
        let now = self.clock.now();
        self.look(key, |served, tenant| {
            let view = View::new(tenant, served, None, now)?;
            Some((served.tenant, view.template(kind).cloned()))
        })?
    }
}

//! The templates that every tenant has.

use std::collections::BTreeMap;

use super::{Placement, TemplateFields, TemplateKind, Texts};

const CONTACT: &str = r#"<div class="row">
  <slot name="picture"></slot>
  <div class="column grow">
    <slot name="name"></slot>
    <slot name="role"></slot>
    <slot name="place"></slot>
    <slot name="state"></slot>
  </div>
</div>
<slot name="note"></slot>
<slot name="reason"></slot>
<slot name="next"></slot>
<slot name="actions"></slot>
<slot name="vcard"></slot>
<slot name="members"></slot>"#;

const CONVERSATION: &str = r#"<p class="strong">{{t.greeting}}</p>
<p class="muted">{{t.hint}}</p>
<slot name="actions"></slot>"#;

const CUSTOMER_FORM: &str = r#"<p>{{t.introduction}}</p>
<slot name="name"></slot>
<slot name="mail"></slot>
<slot name="phone"></slot>
<slot name="about"></slot>
<slot name="text"></slot>
<slot name="consent"></slot>
<slot name="buttons"></slot>"#;

const CALLBACK: &str = r#"<p>{{t.introduction}}</p>
<slot name="name"></slot>
<slot name="phone"></slot>
<slot name="mail"></slot>
<slot name="about"></slot>
<slot name="wished_at"></slot>
<slot name="text"></slot>
<slot name="consent"></slot>
<slot name="buttons"></slot>"#;

/// What the built-in template of `kind` looks like.
pub(super) fn fields(kind: TemplateKind) -> TemplateFields {
    let (name, html, texts) = match kind {
        TemplateKind::Contact => {
            ("Contact", CONTACT, texts(&[("open", "Contact us", "Kontakt"), ("close", "Close", "Schließen")]))
        }
        TemplateKind::Conversation => (
            "Conversation",
            CONVERSATION,
            texts(&[
                ("greeting", "How can we help you?", "Wie können wir Ihnen helfen?"),
                ("hint", "Choose how you would like to write to us.", "Wählen Sie, wie Sie uns schreiben möchten."),
                ("close", "Close", "Schließen"),
            ]),
        ),
        TemplateKind::CustomerForm => (
            "Customer form",
            CUSTOMER_FORM,
            texts(&[(
                "introduction",
                "Nobody can be reached at the moment. Leave us a message, and we will answer you.",
                "Zurzeit ist niemand erreichbar. Hinterlassen Sie uns eine Nachricht, wir antworten Ihnen.",
            )]),
        ),
        TemplateKind::Callback => (
            "Callback",
            CALLBACK,
            texts(&[(
                "introduction",
                "Nobody can be reached at the moment. Leave us your number, and we will call you back.",
                "Zurzeit ist niemand erreichbar. Hinterlassen Sie uns Ihre Nummer, wir rufen Sie zurück.",
            )]),
        ),
    };
    TemplateFields {
        placement: (kind == TemplateKind::Contact).then_some(Placement::Embedded),
        html: Some(html.to_owned()),
        texts,
        ..TemplateFields::named(kind, name)
    }
}

/// Texts by key, in English and German.
fn texts(all: &[(&str, &str, &str)]) -> Texts {
    let english: BTreeMap<_, _> = all.iter().map(|(key, text, _)| ((*key).to_owned(), (*text).to_owned())).collect();
    let german = all.iter().map(|(key, _, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    Texts::from([("en".to_owned(), english), ("de".to_owned(), german)])
}

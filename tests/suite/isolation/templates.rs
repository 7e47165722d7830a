//! Templates, and what visitors get of them.

use serde_json::json;

use super::{Row, nothing};

/// Whoever sees any publication sees all templates: they are chosen from, and any visitor may see them.
#[rustfmt::skip]
pub(super) const TEMPLATES: &[Row] = &[
    //                           whole     part    sibling abroad
    //                           PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("list_templates",          "..+++++.. ++++..+ ++++..+ ......... !", nothing),
    ("create_template",         "..++fff.. +fff..b bfff..b ......... !", |names| json!({"kind": "callback", "name": "Back", "site": names["site"]})),
    ("get_template",            "..+++++.. ++++..+ ++++..+ ......... !", nothing),
    ("update_template",         "..++fff.. +.f.... ....... ......... !", |_| json!({"description": "For all"})),
    ("delete_template",         "..++fff.. +.f.... ....... ......... !", nothing),
    ("preview_template",        "..+++++.. ++++..+ ++++..+ ......... !", |_| json!({"kind": "contact", "name": "X"})),
    ("get_visitor_template",    "+++++++++ +++++++ +++++++ +++++++++ +", nothing),
];

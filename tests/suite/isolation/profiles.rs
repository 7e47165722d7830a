//! The rows about profiles, and what calls do by them.

use serde_json::json;

use super::{Row, nothing};

/// Profiles, what users choose, and how their calls ring.
#[rustfmt::skip]
pub(crate) const PROFILES: &[Row] = &[
    //                            whole     part    sibling abroad
    //                            PRTSGCVAE SGCVAEU SGCVAEU RTSGCVAEU nobody
    ("list_presence_profiles",   "..+++++++ +++++++ +++++++ ......... !", nothing),
    ("create_presence_profile",  "ff+f..... f.....f f.....f ......... !", |_| json!({"name": "Fair", "status": "unavailable"})),
    ("get_presence_profile",     "..+++++++ +++++++ +++++++ ......... !", nothing),
    ("update_presence_profile",  "ff+f..... ....... ....... ......... !", |_| json!({"status": "unavailable"})),
    ("delete_presence_profile",  "ff+f..... ....... ....... ......... !", nothing),
    ("get_clients",              "+++...... ....... ....... ......... !", nothing),
    ("list_client_profiles",     "+++...... ....... ....... ......... !", nothing),
    ("create_client_profile",    "+++...... ....... ....... ......... !", |_| json!({"name": "Readers"})),
    ("get_client_profile",       "+++...... ....... ....... ......... !", nothing),
    ("update_client_profile",    "+++...... ....... ....... ......... !", |_| json!({"may_select_presence": false})),
    ("delete_client_profile",    "+++...... ....... ....... ......... !", nothing),
    ("get_user_profile",         "+++...... ....... ....... ......... !", nothing),
    ("set_user_profile",         "ff+++++.. ....... ....... ......... !", |_| json!({"profile": "lunch"})),
    ("list_profile_overrides",   "+++...... ....... ....... ......... !", nothing),
    ("set_profile_override",     "ff+++++.. ....... ....... ......... !", |_| json!({"do_not_disturb": true})),
    ("delete_profile_override",  "ff+++++.. ....... ....... ......... !", nothing),
    ("get_call_settings",        "+++...... ....... ....... ......... !", nothing),
    ("set_call_settings",        "ff+++++.. ....... ....... ......... !", |_| json!({"forward_on_busy": "300"})),
    ("list_extension_lists",     "..++++++. +++++.. ....... ......... !", nothing),
    ("add_extension_list",       "..++++ff. +++ff.. ....... ......... !", nothing),
    ("remove_extension_list",    "..++++ff. +++ff.. ....... ......... !", nothing),
];

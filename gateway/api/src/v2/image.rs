//! Pictures, asked for by the hash that data names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directory_model::avatar::choose;
use directory_store::avatars::find_picture;
use gateway_rose::detail::Detail;
use gateway_rose::request::Image;
use serde_json::{Value, json};

use super::absence::seen;
use super::requests::Refusal;
use super::sight;
use crate::scope::Access;

/// Shows the picture of a contact, unless the client has it (`EnumRequestImageResult`: 0 it is attached,
/// 1 it is the one that is known, 2 there is none).
pub(super) async fn get(access: &Access, asked: Image) -> Result<Value, Refusal> {
    let contact = seen(access, &sight::of_one(access, asked.contact).await?)?;
    let portrait = access.state().book().portrait(access.tenant(), contact).ok_or(Detail::UnknownContact)?;
    let Some(hash) = choose(&portrait.facts.faces, portrait.presence.availability) else {
        return Ok(json!({"iResult": 2}));
    };
    if hash.to_string() == asked.known {
        return Ok(json!({"iResult": 1}));
    }
    let found = access.read(move |conn, tenant| find_picture(conn, tenant, hash)).await?;
    Ok(match found {
        Some(picture) => {
            json!({"iResult": 0, "sImageData": STANDARD.encode(picture.bytes), "u8sImageHash": hash.to_string()})
        }
        None => json!({"iResult": 2}),
    })
}

//! The shapes of answers that all resources share.

use axum::response::{IntoResponse, Response};
use http::header::{ETAG, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// An object with the number of its changes.
pub(crate) trait Revised {
    /// The number of changes; the entity tag.
    fn revision(&self) -> i64;
}

/// An object as it is now, with its entity tag.
pub(crate) struct Shown<T>(pub(crate) T);

/// An object that was made, with its address below `collection`.
pub(crate) struct Made<T> {
    /// The path of the object.
    pub(crate) at: String,
    /// The object.
    pub(crate) object: T,
}

/// It was taken on, and goes on by itself.
pub(crate) struct Accepted<T>(pub(crate) T);

/// Done; there is nothing to say.
pub(crate) struct Done;

impl<T: Serialize + Revised> IntoResponse for Shown<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::from_str(&format!("\"{}\"", self.0.revision()));
        let mut response = axum::Json(self.0).into_response();
        response.headers_mut().extend(tag.ok().map(|tag| (ETAG, tag)));
        response
    }
}

impl<T: Serialize + Revised> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let mut response = Shown(self.object).into_response();
        *response.status_mut() = StatusCode::CREATED;
        response.headers_mut().extend(HeaderValue::from_str(&self.at).ok().map(|at| (LOCATION, at)));
        response
    }
}

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, axum::Json(self.0)).into_response()
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// Defines the answer that lists `$item`, under its own name so that clients get a type for it.
macro_rules! list_of {
    ($item:ident as $list:ident) => {
        /// One page of a list.
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $list {
            /// The items, in the list's order; may be fewer than asked for.
            items: Vec<$item>,
            /// What to send as `after` for the next page; null on the last one.
            next: Option<String>,
        }

        impl<T: Into<$item>> From<directory_model::page::Page<T>> for $list {
            fn from(page: directory_model::page::Page<T>) -> Self {
                let next = page.next.as_ref().map(crate::extract::pages::seal);
                Self { items: page.items.into_iter().map(Into::into).collect(), next }
            }
        }

        impl axum::response::IntoResponse for $list {
            fn into_response(self) -> axum::response::Response {
                axum::Json(self).into_response()
            }
        }
    };
}

/// Defines how `$object` of the model is shown: its fields, its identity and its history.
macro_rules! view_of {
    ($(#[$doc:meta])* $object:path as $view:ident { $fields:ty, $id:ty $(, $(#[$extra_doc:meta])* $extra:ident: $extra_type:ty = $from:expr)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub(crate) struct $view {
            /// Its identity.
            id: $id,
            #[serde(flatten)]
            fields: $fields,
            $($(#[$extra_doc])* $extra: $extra_type,)*
            /// The number of changes; the entity tag.
            revision: i64,
            /// When it was made.
            created_at: directory_model::timestamp::Timestamp,
            /// When it last changed.
            updated_at: directory_model::timestamp::Timestamp,
        }

        impl From<$object> for $view {
            fn from(object: $object) -> Self {
                $(let $extra = { let from: fn(&$object) -> $extra_type = $from; from(&object) };)*
                Self {
                    id: object.id,
                    fields: object.fields,
                    $($extra,)*
                    revision: object.revision,
                    created_at: object.created_at,
                    updated_at: object.updated_at,
                }
            }
        }

        impl crate::view::Revised for $view {
            fn revision(&self) -> i64 {
                self.revision
            }
        }
    };
}

pub(crate) use {list_of, view_of};

//! Requests and answers that are kept as files; `scripts/check-ews.sh` holds them against the published schemas.

use directory_source::photo::PhotoOf;
use suite::ews::{Ews, Kind, busy, xml};

use super::{ANNA, addresses, ask, by_mail, people, photo, photos};

macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../ews/", $name, ".xml"))
    };
}

#[tokio::test]
async fn requests_are_those_that_were_checked() {
    let server = Ews::start(people()).await;
    server.refuse_files(403);
    ask(&server, &[by_mail(ANNA)]).await;
    let connection = server.connection();
    photos(&connection, &server.secret()).photo_of(ANNA, None).await.expect("there is one");
    let impersonating = directory_model::source::ExchangeConnection { is_impersonating: true, ..connection };
    photos(&impersonating, &server.secret()).photo_of(ANNA, None).await.expect("there is one");

    let seen = server.seen();
    let sent: Vec<&str> = seen.iter().filter(|seen| seen.method == "POST").map(|seen| seen.body.as_str()).collect();

    assert_eq!(
        sent,
        [
            vector!("resolve-names.request").trim_end(),
            vector!("get-user-photo.request").trim_end(),
            vector!("get-user-photo-impersonated.request").trim_end(),
        ]
    );
}

#[tokio::test]
async fn answers_are_read_as_they_were_checked() {
    let server = Ews::start(Vec::new()).await;
    let look_up = async |answer: &str| {
        server.reply_next(Kind::Soap, xml(answer));
        ask(&server, &[by_mail(ANNA)]).await
    };

    let one = look_up(vector!("resolve-names-one.answer")).await;
    let several = look_up(vector!("resolve-names-several.answer")).await;
    let none = look_up(vector!("resolve-names-none.answer")).await;

    assert_eq!(addresses(&one), [ANNA]);
    let synced = &one.records[0].mapped.synced;
    assert_eq!(
        (synced.display_name.as_deref(), synced.company.as_deref(), synced.work_street.as_deref()),
        (Some("Berg, Anna <R&D>"), Some("Example & Co"), Some("Torstraße 1"))
    );
    assert_eq!(one.records[0].mapped.sip.as_deref(), Some("sip:anna.berg@example.com"));
    assert_eq!((addresses(&several), addresses(&none)), (vec![ANNA], vec![]));

    server.refuse_files(403);
    server.reply_next(Kind::Soap, xml(vector!("get-user-photo.answer")));
    server.reply_next(Kind::Soap, xml(vector!("get-user-photo-none.answer")));
    let photos = photos(&server.connection(), &server.secret());
    assert_eq!(photo(photos.photo_of(ANNA, None).await).0, b"the photo of Anna");
    assert_eq!(photos.photo_of(ANNA, None).await, Ok(PhotoOf::None));
}

#[tokio::test]
async fn the_emulator_answers_as_was_checked() {
    let server = Ews::start(people()).await;
    let photos = photos(&server.connection(), &server.secret());
    let (_, etag) = photo(photos.photo_of(ANNA, None).await);
    server.refuse_files(403);
    server.reply_next(Kind::Soap, busy(10));
    photo(photos.photo_of(ANNA, None).await);
    assert_eq!(photos.photo_of(ANNA, etag.as_deref()).await, Ok(PhotoOf::Unchanged));
    assert_eq!(photos.photo_of("ben@example.com", None).await, Ok(PhotoOf::None));

    let exchanged = server.exchanged();
    let soap = exchanged.iter().filter(|(seen, _)| seen.method == "POST");
    let answers: Vec<_> = soap.map(|(_, reply)| std::str::from_utf8(&reply.body).expect("text")).collect();

    assert_eq!(
        answers,
        [
            vector!("emulated-busy.answer").trim_end(),
            vector!("emulated-get-user-photo.answer").trim_end(),
            vector!("emulated-get-user-photo-unchanged.answer").trim_end(),
            vector!("emulated-get-user-photo-none.answer").trim_end(),
        ]
    );
}

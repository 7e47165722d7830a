use directory_model::id::CountedIds;

use super::*;

const OLD: Digest = [1; 32];
const NEW: Digest = [2; 32];

fn known(name: &str, digest: Option<Digest>, is_in_service: bool) -> KnownPhoto {
    let contact = ContactId::new(&CountedIds::default());
    let external_id = name.as_bytes().to_vec();
    KnownPhoto { external_id, digest, tag: None, contact, is_in_service, is_taken: true, is_held: false }
}

#[test]
fn a_photo_is_given_to_a_contact_in_service_that_has_another_or_none() {
    let (fresh, given) = (known("anna", None, true), known("anna", Some(OLD), true));
    let (left, left_given) = (known("anna", None, false), known("anna", Some(OLD), false));
    let not_hybrid = KnownPhoto { is_taken: false, ..known("anna", Some(OLD), true) };
    let (give, set_aside) = (Step::Give(fresh.contact), Step::SetAside(fresh.contact));

    for (known, held, expected) in [
        (None, Held::File(NEW), Step::Pass),
        (None, Held::Refused, Step::Pass),
        (Some(&fresh), Held::File(NEW), give),
        (Some(&given), Held::Unchanged, Step::Pass),
        (Some(&fresh), Held::Refused, set_aside),
        (Some(&given), Held::File(OLD), Step::Pass),
        (Some(&given), Held::File(NEW), give),
        (Some(&given), Held::Refused, set_aside),
        (Some(&left), Held::File(NEW), Step::Pass),
        (Some(&left), Held::Refused, Step::Pass),
        (Some(&left_given), Held::File(NEW), Step::Pass),
        (Some(&left_given), Held::Refused, Step::Pass),
        (Some(&not_hybrid), Held::File(NEW), Step::Pass),
        (Some(&not_hybrid), Held::Refused, Step::Pass),
    ] {
        assert_eq!(step(known, held), expected, "{held:?} of {known:?}");
    }
}

#[test]
fn photos_go_only_after_a_whole_read_in_which_theirs_could_be_told_apart() {
    let broken = || End::Broken("the connection was closed".into());
    let unread = |read| Some(RunProblem::PhotosUnread { read, detail: "the connection was closed".into() });
    let gone = |contacts| Some(RunProblem::PhotosGone { contacts });
    let kept = |entries, contacts| Some(RunProblem::PhotosKept { entries, contacts });

    for (end, [found, recognized, nameless, known, missing], expected) in [
        (End::Complete, [0, 0, 0, 0, 0], Verdict::Keep(None)),
        (End::Complete, [20, 20, 0, 20, 0], Verdict::Keep(None)),
        (End::Complete, [23, 20, 3, 20, 0], Verdict::Keep(None)),
        (End::Complete, [19, 19, 0, 20, 1], Verdict::Remove),
        (End::Complete, [1, 1, 0, 20, 19], Verdict::Remove),
        (End::Complete, [0, 0, 0, 1, 1], Verdict::Remove),
        (End::Complete, [0, 0, 0, 10, 10], Verdict::Remove),
        (End::Complete, [0, 0, 0, 11, 11], Verdict::Keep(gone(11))),
        // Photos of other people, as of another directory.
        (End::Complete, [5, 0, 0, 11, 11], Verdict::Keep(gone(11))),
        // The first photos of other contacts.
        (End::Complete, [5, 5, 0, 11, 11], Verdict::Remove),
        (End::Complete, [19, 17, 2, 20, 3], Verdict::Keep(kept(2, 3))),
        (End::Complete, [1, 0, 1, 20, 20], Verdict::Keep(kept(1, 20))),
        (broken(), [0, 0, 0, 0, 0], Verdict::Keep(unread(0))),
        (broken(), [7, 7, 0, 20, 13], Verdict::Keep(unread(7))),
        (broken(), [20, 20, 0, 20, 0], Verdict::Keep(unread(20))),
    ] {
        let findings = Findings { end, found, recognized, nameless, known, missing, is_partial: false };
        assert_eq!(judge(&findings), expected, "{findings:?}");
    }
}

#[test]
fn an_album_knows_who_was_not_seen_again() {
    let mut album = Album::new([
        known("anna", Some(OLD), true),
        known("ben", Some(OLD), true),
        known("carl", Some(OLD), false),
        known("dora", Some(OLD), true),
        KnownPhoto { is_held: true, ..known("gina", Some(OLD), true) },
        KnownPhoto { is_taken: false, ..known("hans", Some(OLD), true) },
        KnownPhoto { is_taken: false, ..known("ida", Some(OLD), false) },
        KnownPhoto { is_taken: false, ..known("jan", None, true) },
    ]);
    let stranger = known("emil", None, true);
    assert_eq!(album.strangers([b"anna".as_slice(), b"emil"]), [b"emil".to_vec()]);

    assert_eq!(album.take(b"anna", Held::File(OLD), &[]), Step::Pass);
    assert_eq!(album.take(b"anna", Held::File(NEW), &[]), Step::Pass, "the first counts");
    assert_eq!(album.take(b"dora", Held::Refused, &[]), Step::SetAside(stranger.contact));
    assert_eq!(album.take(b"emil", Held::File(NEW), std::slice::from_ref(&stranger)), Step::Give(stranger.contact));
    assert_eq!(album.take(b"fritz", Held::File(NEW), &[stranger]), Step::Pass);
    album.take_nameless();

    let missing: Vec<_> = album.missing().map(|known| known.external_id.as_slice()).collect();
    assert_eq!(missing, [b"ben"], "nobody out of service, or who stays whatever is said, loses anything");
    let refused: Vec<_> = album.not_to_be_taken().map(|known| known.external_id.as_slice()).collect();
    assert_eq!(refused, [b"hans"], "the mark decides, whatever the source says");
    let expected =
        Findings { end: End::Complete, found: 6, recognized: 3, nameless: 1, known: 4, missing: 1, is_partial: false };
    assert_eq!(album.findings(End::Complete), expected);
}

use proptest::prelude::*;

use super::super::dialog_info::CallState;
use super::*;

const ASKER: Asker<'_> = Asker { address: "sip:gw@example.com", contact: "sip:gw@192.0.2.1:5060;transport=tcp" };
const HOUR: Duration = Duration::from_hours(1);

fn subscription(package: Package) -> Subscription {
    let mut subscription = Subscription::new("call".into(), "us".into(), "sip:anna@example.com", package);
    subscription.request(None, HOUR, &ASKER).expect("the first request");
    subscription
}

fn message(start: &str, lines: &[&str], body: &str) -> Message {
    let mut message = Message::read_head(format!("{start}\r\n{}", lines.join("\r\n")).as_bytes()).expect("a message");
    message.body = body.as_bytes().to_vec();
    message
}

/// A notification from the leg `tag` with the number `number`.
fn notify(package: Package, tag: &str, number: u32, state: &str, body: &str) -> Message {
    let (from, cseq, state) = (
        format!("From: <sip:anna@example.com>;tag={tag}"),
        format!("CSeq: {number} NOTIFY"),
        format!("Subscription-State: {state}"),
    );
    let (event, kind) = match package {
        Package::Presence => ("Event: presence", "Content-Type: application/pidf+xml;charset=UTF-8"),
        Package::Calls => ("Event: dialog;id=1", "Content-Type: application/dialog-info+xml"),
    };
    let contact = format!("Contact: <sip:pa-{tag}@192.0.2.9>");
    let lines = [&from, "To: <sip:gw@example.com>;tag=us", "Call-ID: call", &cseq, event, &state, kind, &contact];
    message("NOTIFY sip:gw@192.0.2.1 SIP/2.0", &lines, body)
}

fn pidf(state: &str) -> String {
    format!("<presence entity='x'><tuple id='t'><status><basic>{state}</basic></status></tuple></presence>")
}

fn calls(version: u32, state: &str, id: &str, call: &str) -> String {
    format!(
        "<dialog-info version='{version}' state='{state}' entity='x'><dialog id='{id}'><state>{call}</state></dialog></dialog-info>"
    )
}

fn is_presence(reaction: &Reaction, open: bool) -> bool {
    matches!(&reaction.notice, Some((_, Some(Told::Presence(pidf)))) if pidf.tuples[0].is_open == Some(open))
}

#[test]
fn the_first_request_has_what_it_needs() {
    let mut subscription = Subscription::new("call".into(), "us".into(), "sip:anna@example.com", Package::Presence);
    let request = subscription.request(None, HOUR, &ASKER).expect("a request").to_bytes();
    let request = String::from_utf8(request).expect("text");

    for line in [
        "SUBSCRIBE sip:anna@example.com SIP/2.0\r\n",
        "\r\nFrom: <sip:gw@example.com>;tag=us\r\nTo: <sip:anna@example.com>\r\nCall-ID: call\r\nCSeq: 1 SUBSCRIBE\r\n",
        "\r\nContact: <sip:gw@192.0.2.1:5060;transport=tcp>\r\nEvent: presence\r\nAccept: application/pidf+xml",
        "\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n",
    ] {
        assert!(request.contains(line), "{line} in {request}");
    }
}

#[test]
fn a_refresh_goes_the_way_that_the_answer_came() {
    let mut subscription = subscription(Package::Presence);
    let answer = [
        "To: <sip:anna@example.com>;tag=pa",
        "Contact: <sip:pa@192.0.2.9:5070>",
        "Record-Route: <sip:p2;lr>, <sip:p1;lr>",
        "Record-Route: <sip:p0;lr>",
        "Expires: 600",
    ];
    assert_eq!(subscription.granted(None, &message("SIP/2.0 200 OK", &answer, ""), HOUR), Duration::from_mins(10));
    assert_eq!(subscription.legs(), ["pa"]);

    let refresh = subscription.request(Some("pa"), HOUR, &ASKER).expect("a refresh");
    assert_eq!(
        refresh.start,
        super::super::message::Start::Request { method: "SUBSCRIBE".into(), uri: "sip:pa@192.0.2.9:5070".into() }
    );
    assert_eq!(refresh.all("route").collect::<Vec<_>>(), ["<sip:p0;lr>", "<sip:p1;lr>", "<sip:p2;lr>"]);
    assert_eq!(
        (refresh.header("to"), refresh.header("cseq")),
        (Some("<sip:anna@example.com>;tag=pa"), Some("2 SUBSCRIBE"))
    );
    assert!(subscription.request(Some("other"), HOUR, &ASKER).is_none());
    assert!(subscription.drop_leg("pa"));
}

#[test]
fn a_proxy_of_old_is_asked_itself() {
    let mut subscription = subscription(Package::Presence);
    let answer = ["To: <sip:a@b>;tag=pa", "Contact: <sip:pa@192.0.2.9>", "Record-Route: <sip:p1;lr>, <sip:p0>"];
    subscription.granted(None, &message("SIP/2.0 202 Accepted", &answer, ""), HOUR);

    let refresh = subscription.request(Some("pa"), HOUR, &ASKER).expect("a refresh");
    assert_eq!(
        refresh.start,
        super::super::message::Start::Request { method: "SUBSCRIBE".into(), uri: "sip:p0".into() }
    );
    assert_eq!(refresh.all("route").collect::<Vec<_>>(), ["<sip:p1;lr>", "<sip:pa@192.0.2.9>"]);
}

#[test]
fn nobody_grants_more_than_was_asked_for() {
    let mut subscription = subscription(Package::Presence);
    let granted = |subscription: &mut Subscription, expires: &str| {
        subscription.granted(None, &message("SIP/2.0 200 OK", &["To: <sip:a@b>;tag=pa", expires], ""), HOUR)
    };
    assert_eq!(granted(&mut subscription, "Expires: 7200"), HOUR);
    assert_eq!(granted(&mut subscription, "Expires: soon"), HOUR);
    assert_eq!(granted(&mut subscription, "Expires: 0"), Duration::ZERO);
}

#[test]
fn a_notification_may_come_before_the_answer() {
    let mut subscription = subscription(Package::Presence);
    let early = subscription.notified(&notify(Package::Presence, "pa", 5, "active;expires=60", &pidf("open")), false);

    assert!(early.status == 200 && is_presence(&early, true), "{early:?}");
    assert!(matches!(early.notice, Some((Standing::Active { expires: Some(expires) }, _)) if expires.as_secs() == 60));
    subscription.granted(None, &message("SIP/2.0 200 OK", &["To: <sip:a@b>;tag=pa"], ""), HOUR);
    assert_eq!(subscription.legs(), ["pa"]);
    let refresh = subscription.request(Some("pa"), HOUR, &ASKER).expect("a refresh");
    assert!(matches!(refresh.start, super::super::message::Start::Request { uri, .. } if uri == "sip:pa-pa@192.0.2.9"));
}

#[test]
fn what_comes_too_late_is_not_told() {
    let mut subscription = subscription(Package::Presence);
    let at = |number, state: &str| notify(Package::Presence, "pa", number, "active", &pidf(state));

    assert!(is_presence(&subscription.notified(&at(7, "open"), false), true));
    assert_eq!(subscription.notified(&at(6, "closed"), false), Reaction::refuse(500));
    assert_eq!(subscription.notified(&at(7, "closed"), false), Reaction::refuse(500));
    assert!(is_presence(&subscription.notified(&at(9, "closed"), false), false));
}

#[test]
fn of_several_who_answer_about_presence_the_first_counts() {
    let mut subscription = subscription(Package::Presence);
    subscription.granted(None, &message("SIP/2.0 200 OK", &["To: <sip:a@b>;tag=one"], ""), HOUR);

    let first = subscription.notified(&notify(Package::Presence, "two", 1, "active", &pidf("open")), false);
    assert_eq!((first.status, subscription.legs()), (200, vec!["two".to_owned()]), "whoever notifies first");
    let second = subscription.notified(&notify(Package::Presence, "one", 1, "active", &pidf("closed")), false);
    assert_eq!(second, Reaction::refuse(481));
}

#[test]
fn several_telephones_tell_of_their_calls() {
    let mut subscription = subscription(Package::Calls);
    let told = |reaction: Reaction| match reaction.notice {
        Some((Standing::Active { .. }, Some(Told::Calls { calls, is_whole }))) => {
            (calls.into_iter().map(|call| (call.id, call.state)).collect::<Vec<_>>(), is_whole)
        }
        other => panic!("{other:?}"),
    };
    let desk = |number, version, state: &str, call: &str| {
        notify(Package::Calls, "desk", number, "active", &calls(version, state, "1", call))
    };
    let soft = notify(Package::Calls, "soft", 1, "active", &calls(0, "full", "1", "early"));

    assert_eq!(
        told(subscription.notified(&desk(1, 0, "full", "confirmed"), false)).0,
        [("1".into(), CallState::Confirmed)]
    );
    let both = told(subscription.notified(&soft, false));
    assert_eq!(both, (vec![("1".into(), CallState::Confirmed), ("soft/1".into(), CallState::Early)], true));
    let gap = told(subscription.notified(&desk(2, 5, "partial", "terminated"), false));
    assert_eq!(gap, (vec![("soft/1".into(), CallState::Early)], false));
    let end = notify(Package::Calls, "soft", 2, "terminated;reason=timeout", "");
    let left = subscription.notified(&end, false);
    assert!(!left.is_over);
    assert_eq!(told(left), (vec![], false));
    let end = notify(Package::Calls, "desk", 3, "terminated;reason=noresource;retry-after=60", "");
    let last = subscription.notified(&end, false);
    let standing = Standing::Terminated { reason: Reason::NoResource, retry_after: Some(Duration::from_mins(1)) };
    assert_eq!((last.is_over, last.notice), (true, Some((standing, None))));
    for at in 0..10 {
        let soft = notify(Package::Calls, &format!("more{at}"), 1, "active", &calls(0, "full", "1", "early"));
        assert_eq!(subscription.notified(&soft, false).status, if at < 8 { 200 } else { 481 });
    }
}

#[test]
fn what_cannot_be_read_is_answered_and_told() {
    let mut subscription = subscription(Package::Presence);
    let unusable = |reaction: Reaction| match reaction.notice {
        Some((_, Some(Told::Unusable(why)))) => (reaction.status, why),
        other => panic!("{other:?}"),
    };
    let with = |number, kind: &str, more: &str, body: &str| {
        let cseq = format!("CSeq: {number} NOTIFY");
        let lines = [
            "From: <sip:a@b>;tag=pa",
            "To: <sip:g@w>;tag=us",
            &cseq,
            "Event: presence",
            "Subscription-State: active",
            kind,
            more,
        ];
        message("NOTIFY sip:gw SIP/2.0", &lines, body)
    };
    let plain = with(1, "Content-Type: text/plain", "X: y", "hello");
    assert_eq!(unusable(subscription.notified(&plain, false)), (415, Unusable::OtherKind));
    let packed = with(2, "Content-Type: application/pidf+xml", "Content-Encoding: gzip", "...");
    assert_eq!(unusable(subscription.notified(&packed, false)), (415, Unusable::OtherKind));
    let broken = with(3, "Content-Type: application/pidf+xml", "X: y", "<presence>");
    assert_eq!(unusable(subscription.notified(&broken, false)), (400, Unusable::Malformed));
    let large = with(4, "Content-Type: application/pidf+xml", "X: y", "");
    assert_eq!(unusable(subscription.notified(&large, true)), (413, Unusable::TooLarge));
    let empty = subscription.notified(&with(5, "X: y", "X: y", ""), false);
    assert_eq!((empty.status, empty.notice), (200, Some((Standing::Active { expires: None }, Some(Told::Nothing)))));
}

#[test]
fn what_is_no_notification_of_ours_is_refused() {
    let mut subscription = subscription(Package::Presence);
    let without = |name: &str| {
        let all = [
            "From: <sip:a@b>;tag=pa",
            "To: <sip:g@w>;tag=us",
            "CSeq: 1 NOTIFY",
            "Event: presence",
            "Subscription-State: active",
        ];
        message("NOTIFY sip:gw SIP/2.0", &all.map(|line| if line.starts_with(name) { "X: y" } else { line }), "")
    };
    assert_eq!(subscription.notified(&without("Event"), false), Reaction::refuse(489));
    assert_eq!(subscription.notified(&without("Subscription-State"), false), Reaction::refuse(400));
    assert_eq!(subscription.notified(&without("CSeq"), false), Reaction::refuse(400));
    assert_eq!(subscription.notified(&without("From"), false), Reaction::refuse(400));
    assert!(subscription.is_for(&without("X")) && !subscription.is_for(&without("To")));
    let strange = notify(Package::Presence, "pa", 1, "dreaming", "");
    assert_eq!(subscription.notified(&strange, false), Reaction::refuse(400));
    assert!(!subscription.is_confirmed());
}

proptest! {
    #[test]
    fn numbers_only_grow_and_legs_are_few(steps in proptest::collection::vec((0u8..12, 0u32..20, 0u8..3), 0..60)) {
        for package in [Package::Presence, Package::Calls] {
            let mut subscription = subscription(package);
            let mut last = std::collections::HashMap::new();
            for (leg, number, state) in &steps {
                let state = ["active;expires=60", "pending", "terminated"][usize::from(*state)];
                let reaction = subscription.notified(&notify(package, &leg.to_string(), *number, state, ""), false);
                if reaction.status == 200 {
                    prop_assert!(last.insert(*leg, *number).is_none_or(|last| last < *number));
                }
                if state == "terminated" && reaction.status == 200 {
                    last.remove(leg);
                }
                prop_assert_eq!(reaction.is_over, subscription.legs().is_empty() && reaction.status == 200);
                prop_assert!(subscription.legs().len() <= package.max_legs());
            }
        }
    }
}

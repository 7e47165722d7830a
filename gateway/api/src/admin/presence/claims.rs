//! What programs say about contacts: one call for each kind of source, and one for all of them.

use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::invalid::{Refusals, Rule};
use directory_model::port::SourceRules;
use directory_model::presence::lync::LowNumbers;
use directory_model::presence::said::{
    BluetoothState, ComputerState, ConferenceState, LineState, MobileState, Said, ShowAs, by_lync,
};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, NOTE_CHARS};
use directory_model::timestamp::Timestamp;
use gateway_presence::book::Offer;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::body::Input;
use crate::problem::{Problem, ProblemKind};
use crate::scope::Authorized;
use crate::scope::permission::SetPresence;
use crate::view::Done;

/// How long a claim of a program counts at most without being repeated.
const CLAIM_SECONDS: u64 = 24 * 60 * 60;

/// How far ahead the end of an appointment may be.
const APPOINTMENT: Duration = Duration::from_hours(31 * 24);

/// The last version of a claim: what every JSON reader still holds exactly.
const MAX_VERSION: u64 = 1 << 53;

/// What a program claims about a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimFields {
    /// What kind of system says it; not `manual` or `profile`, which have routes of their own.
    kind: ClaimKind,
    /// Which system says it, 1 to 128 characters. The identity of the user whose program says it is
    /// put before it, as in `<user>/<source>`, so that nobody replaces the claims of somebody else.
    source: String,
    /// Which device of it, at most 128 characters.
    #[serde(default)]
    device: String,
    /// Counts up with each claim of the same source and device, 0 to 9,007,199,254,740,992.
    version: i64,
    /// The state.
    availability: Availability,
    /// What the person is doing.
    #[serde(default)]
    activity: Option<Activity>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    is_out_of_office: bool,
    /// A named state, at most 500 characters.
    #[serde(default)]
    custom: Option<String>,
    /// For how long it counts without being repeated, 1 to 86,400.
    ttl_seconds: u64,
    /// The program goes on repeating it, so that its end means only that nothing was heard any more.
    /// Otherwise its end is the end of what it says.
    #[serde(default)]
    is_repeated: bool,
}

/// Who says something about a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimOrigin {
    /// Which system, 1 to 128 characters; kept as `<user>/<source>`, so that nobody replaces the claims
    /// of somebody else.
    source: String,
    /// Which device of it, at most 128 characters.
    #[serde(default)]
    device: String,
    /// Counts up with each claim of the same source and device, 0 to 9,007,199,254,740,992.
    version: i64,
}

/// Defines what a source of one kind says: its state, repeated before it expires.
macro_rules! claim_body {
    ($(#[$doc:meta])* $name:ident: $state:ty) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// Who says it.
            origin: ClaimOrigin,
            /// What it says.
            state: $state,
            /// For how long it counts without being repeated, 1 to 86,400.
            ttl_seconds: u64,
        }
    };
}

claim_body! {
    /// What a telephone or softphone says.
    LineClaim: LineState
}
claim_body! {
    /// What an audio or video client says.
    ConferenceClaim: ConferenceState
}
claim_body! {
    /// What a Bluetooth device at a client says.
    BluetoothClaim: BluetoothState
}
claim_body! {
    /// What a computer says.
    ComputerClaim: ComputerState
}
claim_body! {
    /// What a mobile client says.
    MobileClaim: MobileState
}

/// What a calendar says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CalendarClaim {
    /// Who says it.
    origin: ClaimOrigin,
    /// What the time is shown as.
    show_as: ShowAs,
    /// When that ends, at most 31 days ahead.
    ends_at: Timestamp,
}

/// What a unified-communications platform or directory says: a state, or a number as Lync writes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlatformClaim {
    /// Who says it.
    origin: ClaimOrigin,
    /// The state.
    #[serde(default)]
    availability: Option<Availability>,
    /// The state as Lync writes it, such as 3500; instead of the other. What is below 3000 means, the tenant's rules say.
    #[serde(default)]
    lync_availability: Option<u32>,
    /// The activity.
    #[serde(default)]
    activity: Option<Activity>,
    /// What Lync calls the activity, such as `on-the-phone`; what is not known is left out.
    #[serde(default)]
    lync_activity: Option<String>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    is_out_of_office: bool,
    /// For how long it counts without being repeated, 1 to 86,400.
    ttl_seconds: u64,
}

/// A device that is gone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LostDevice {
    /// What kind of source it belonged to.
    kind: ClaimKind,
    /// Which source, as in its claims.
    source: String,
    /// Which device of it.
    #[serde(default)]
    device: String,
}

/// Offers what a program knows about a contact. It counts until it expires or the same user replaces it.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims", operation_id = "set_claim",
    tag = "presence", request_body = ClaimFields, responses((status = 204)))]
pub(crate) async fn set(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<ClaimFields>,
) -> Result<Done, Problem> {
    let mut refusals = Refusals::default();
    let rule = Rule::OneOf {
        allowed: "telephone, calendar, audio_video, softphone, bluetooth, computer, mobile, platform".into(),
    };
    let (is_said, kind) = (matches!(fields.kind, ClaimKind::Manual | ClaimKind::Profile), fields.kind);
    let word = if kind == ClaimKind::Manual { "manual" } else { "profile" };
    refusals.require(!is_said, "kind", word, rule);
    refusals.text("custom", fields.custom.as_deref().unwrap_or_default(), NOTE_CHARS);
    let ClaimFields { kind, source, device, version, availability, activity, is_out_of_office, custom, .. } = fields;
    let said = Said { activity, is_out_of_office, ..availability.into() };
    let origin = ClaimOrigin { source, device, version };
    let claim = Publishing { kind, prefix: "", origin, said, custom, is_repeated: fields.is_repeated };
    claim.offer(&scope, refusals, Lasts::Seconds(fields.ttl_seconds))
}

/// Says what a telephone does.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/telephone",
    operation_id = "set_telephone_claim", tag = "presence", request_body = LineClaim, responses((status = 204)))]
pub(crate) async fn telephone(
    scope: Authorized<SetPresence, ContactId>,
    Input(LineClaim { origin, state, ttl_seconds }): Input<LineClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::Telephone, origin, state.says(), ttl_seconds)
}

/// Says what a softphone does.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/softphone",
    operation_id = "set_softphone_claim", tag = "presence", request_body = LineClaim, responses((status = 204)))]
pub(crate) async fn softphone(
    scope: Authorized<SetPresence, ContactId>,
    Input(LineClaim { origin, state, ttl_seconds }): Input<LineClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::Softphone, origin, state.says(), ttl_seconds)
}

/// Says what an audio or video client does.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/audio_video",
    operation_id = "set_audio_video_claim", tag = "presence", request_body = ConferenceClaim,
    responses((status = 204)))]
pub(crate) async fn audio_video(
    scope: Authorized<SetPresence, ContactId>,
    Input(ConferenceClaim { origin, state, ttl_seconds }): Input<ConferenceClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::AudioVideo, origin, state.says(), ttl_seconds)
}

/// Says whether a Bluetooth device is near.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/bluetooth",
    operation_id = "set_bluetooth_claim", tag = "presence", request_body = BluetoothClaim,
    responses((status = 204)))]
pub(crate) async fn bluetooth(
    scope: Authorized<SetPresence, ContactId>,
    Input(BluetoothClaim { origin, state, ttl_seconds }): Input<BluetoothClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::Bluetooth, origin, state.says(), ttl_seconds)
}

/// Says whether somebody is signed in at a computer, and at it.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/computer",
    operation_id = "set_computer_claim", tag = "presence", request_body = ComputerClaim, responses((status = 204)))]
pub(crate) async fn computer(
    scope: Authorized<SetPresence, ContactId>,
    Input(ComputerClaim { origin, state, ttl_seconds }): Input<ComputerClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::Computer, origin, state.says(), ttl_seconds)
}

/// Says whether a mobile client is used.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/mobile",
    operation_id = "set_mobile_claim", tag = "presence", request_body = MobileClaim, responses((status = 204)))]
pub(crate) async fn mobile(
    scope: Authorized<SetPresence, ContactId>,
    Input(MobileClaim { origin, state, ttl_seconds }): Input<MobileClaim>,
) -> Result<Done, Problem> {
    repeat(&scope, ClaimKind::Mobile, origin, state.says(), ttl_seconds)
}

/// Says what a calendar shows the time as, until that ends.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/calendar",
    operation_id = "set_calendar_claim", tag = "presence", request_body = CalendarClaim, responses((status = 204)))]
pub(crate) async fn calendar(
    scope: Authorized<SetPresence, ContactId>,
    Input(CalendarClaim { origin, show_as, ends_at }): Input<CalendarClaim>,
) -> Result<Done, Problem> {
    let said = show_as.says();
    let kind = ClaimKind::Calendar;
    let claim = Publishing { kind, prefix: "origin.", origin, said, custom: None, is_repeated: false };
    claim.offer(&scope, Refusals::default(), Lasts::Until(ends_at))
}

/// Says what a platform or directory shows.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims/platform",
    operation_id = "set_platform_claim", tag = "presence", request_body = PlatformClaim, responses((status = 204)))]
pub(crate) async fn platform(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<PlatformClaim>,
) -> Result<Done, Problem> {
    let low = scope.state().book().low_lync_numbers(scope.tenant());
    let said = fields.says(low).map_err(|rule| Problem::invalid_field("availability", "", rule))?;
    repeat(&scope, ClaimKind::Platform, fields.origin, said, fields.ttl_seconds)
}

/// Says that a device is gone. Its last word counts a little longer, as the tenant's rules say, so that
/// a device that comes back at once was never gone.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/claims/lost", operation_id = "lose_device",
    tag = "presence", request_body = LostDevice, responses((status = 204)))]
pub(crate) async fn lost(
    scope: Authorized<SetPresence, ContactId>,
    Input(LostDevice { kind, source, device }): Input<LostDevice>,
) -> Result<Done, Problem> {
    let source = format!("{}/{source}", scope.caller().user);
    // Whether there was such a device is nothing to complain about: now there is none.
    scope.state().book().lose(scope.tenant(), scope.id, kind, &source, &device);
    Ok(Done)
}

impl PlatformClaim {
    fn says(&self, low: LowNumbers) -> Result<Said, Rule> {
        let by_number = |number| by_lync(number, self.lync_activity.as_deref(), low);
        let said = match (self.availability, self.lync_availability) {
            (Some(_), Some(_)) => return Err(Rule::Excludes { other: "lync_availability".into() }),
            (None, None) => return Err(Rule::Required),
            (None, Some(number)) => by_number(number),
            (Some(availability), None) => Said { availability, ..by_number(0) },
        };
        let is_out_of_office = said.is_out_of_office || self.is_out_of_office;
        Ok(Said { activity: self.activity.or(said.activity), is_out_of_office, ..said })
    }
}

/// Until when something counts that a program says.
enum Lasts {
    Seconds(u64),
    Until(Timestamp),
}

/// What a program says, on its way to the book.
struct Publishing {
    kind: ClaimKind,
    /// Where the fields of the origin are in the request.
    prefix: &'static str,
    origin: ClaimOrigin,
    said: Said,
    custom: Option<String>,
    is_repeated: bool,
}

fn repeat(
    scope: &Authorized<SetPresence, ContactId>,
    kind: ClaimKind,
    origin: ClaimOrigin,
    said: Said,
    ttl_seconds: u64,
) -> Result<Done, Problem> {
    let claim = Publishing { kind, prefix: "origin.", origin, said, custom: None, is_repeated: true };
    claim.offer(scope, Refusals::default(), Lasts::Seconds(ttl_seconds))
}

impl Publishing {
    fn offer(
        self,
        scope: &Authorized<SetPresence, ContactId>,
        mut refusals: Refusals,
        lasts: Lasts,
    ) -> Result<Done, Problem> {
        let now = scope.state().clock().now();
        self.require(&mut refusals);
        let expires_at = lasts.end(now, &mut refusals);
        refusals.finish().map_err(Problem::invalid)?;
        let claim = Claim {
            contact: scope.id,
            kind: self.kind,
            source: format!("{}/{}", scope.caller().user, self.origin.source),
            device: self.origin.device,
            version: self.origin.version,
            availability: self.said.availability,
            activity: self.said.activity,
            is_out_of_office: self.said.is_out_of_office,
            is_tentative: self.said.is_tentative,
            is_ringing: self.said.is_ringing,
            is_repeated: self.is_repeated,
            custom: self.custom,
            since: now,
            heard_at: now,
            expires_at: Some(expires_at),
        };
        match scope.state().book().offer_claim(scope.tenant(), claim) {
            Offer::Accepted => Ok(Done),
            refused => Err(Problem::new(ProblemKind::NotPossibleNow, sentence(refused))),
        }
    }

    fn require(&self, refusals: &mut Refusals) {
        let (origin, field) = (&self.origin, |name| format!("{}{name}", self.prefix));
        refusals.required_text(&field("source"), &origin.source, 128);
        refusals.text(&field("device"), &origin.device, 128);
        let is_counted = u64::try_from(origin.version).is_ok_and(|version| version <= MAX_VERSION);
        let rule = Rule::OutOfRange { min: 0, max: 9_007_199_254_740_992 };
        refusals.require(is_counted, &field("version"), origin.version, rule);
    }
}

impl Lasts {
    fn end(self, now: Timestamp, refusals: &mut Refusals) -> Timestamp {
        match self {
            Self::Seconds(seconds) => {
                let rule = Rule::OutOfRange { min: 1, max: 86_400 };
                refusals.require((1..=CLAIM_SECONDS).contains(&seconds), "ttl_seconds", seconds, rule);
                now.plus(Duration::from_secs(seconds))
            }
            Self::Until(end) => {
                let rule = Rule::Format { expected: "a moment within the next 31 days".into() };
                refusals.require(end > now && end <= now.plus(APPOINTMENT), "ends_at", end, rule);
                end
            }
        }
    }
}

fn sentence(refused: Offer) -> &'static str {
    match refused {
        Offer::Accepted => "The claim is held.",
        Offer::Older => "A claim of this source and device with this or a later version is held.",
        Offer::Expired => "The claim had expired when it came.",
        Offer::Endless => "The claim has no expiry.",
        Offer::TooMany => "Too many sources and devices speak about this contact already.",
        Offer::UnknownTenant => "The tenant is not served at the moment.",
    }
}

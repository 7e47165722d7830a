//! Presence as it is written (`AsnPresenceV2` and what is in it, features.md §8.4).

use directory_model::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::flags::Flags;

/// What a watcher is told of a contact. In an update only what changed is there; what is absent
/// although its section changed is not there any more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Presence {
    /// The contact, as the watcher called it.
    #[serde(rename = "u8sContactId")]
    pub contact_id: String,
    /// `[0]` The merged state, see [`crate::state`].
    #[serde(rename = "iPresenceState", skip_serializing_if = "Option::is_none")]
    pub state: Option<u32>,
    /// `[1]` What the contact is called and how it is reached.
    #[serde(rename = "asnRemoteContact", skip_serializing_if = "Option::is_none")]
    pub remote_contact: Option<RemoteContact>,
    /// `[2]` Always absent: clients keep no settings here.
    #[serde(rename = "asnUserPropertyBag", skip_serializing_if = "Option::is_none")]
    pub property_bag: Option<Value>,
    /// `[3]` Always absent: its bits are not published.
    #[serde(rename = "iContactFeatureSet", skip_serializing_if = "Option::is_none")]
    pub feature_set: Option<u32>,
    /// `[4]` What the watcher may see and do, see [`crate::rights`].
    #[serde(rename = "iStaticRights", skip_serializing_if = "Option::is_none")]
    pub static_rights: Option<u32>,
    /// `[5]` What the watcher may do with the contact's telephones: nothing, always 0.
    #[serde(rename = "iMonitorAccessRights", skip_serializing_if = "Option::is_none")]
    pub monitor_rights: Option<u32>,
    /// `[6]` The own word.
    #[serde(rename = "asnAbsentState", skip_serializing_if = "Option::is_none")]
    pub absent_state: Option<AbsentState>,
    /// `[7]` The notes.
    #[serde(rename = "asnCustomNote", skip_serializing_if = "Option::is_none")]
    pub custom_note: Option<CustomNote>,
    /// `[8]` The appointments that go on.
    #[serde(rename = "seqActualAppointments", skip_serializing_if = "Option::is_none")]
    pub appointments: Option<Vec<Appointment>>,
    /// `[9]` Always absent: calendars say what goes on, not what comes.
    #[serde(rename = "asnNextAppointment", skip_serializing_if = "Option::is_none")]
    pub next_appointment: Option<Appointment>,
    /// `[10]` The lines.
    #[serde(rename = "seqPhoneLines", skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<Line>>,
    /// `[11]` The calls; in an update only those that changed, see [`Call::action`].
    #[serde(rename = "seqCalls", skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<Call>>,
    /// `[12]` Always absent: where calls are forwarded is not for whoever may see the contact.
    #[serde(rename = "seqLineForwards", skip_serializing_if = "Option::is_none")]
    pub forwards: Option<Vec<Forward>>,
    /// `[14]` Always absent: what the contact's other clients can do is not known.
    #[serde(rename = "asnContactCapabilitiesEx", skip_serializing_if = "Option::is_none")]
    pub capabilities: Option<Value>,
    /// `[15]` What the watcher was allowed by the contact, and could be.
    #[serde(rename = "asnCurrentUserDynamicRights", skip_serializing_if = "Option::is_none")]
    pub dynamic_rights: Option<DynamicRightsRange>,
    /// `[16]` Always absent: none of its rights exists here.
    #[serde(rename = "iStaticRights2", skip_serializing_if = "Option::is_none")]
    pub static_rights_2: Option<u32>,
    /// `[17]` What the agent is ready for; nobody is one yet.
    #[serde(rename = "asnAgentState", skip_serializing_if = "Option::is_none")]
    pub agent_state: Option<AgentState>,
    /// `[18]` Always absent: contacts have no such attribute.
    #[serde(rename = "asnMonitorGroupingAttribute", skip_serializing_if = "Option::is_none")]
    pub monitor_grouping: Option<Value>,
    /// `[19]` Always absent, like `[9]`.
    #[serde(rename = "asnNextAppointments", skip_serializing_if = "Option::is_none")]
    pub next_appointments: Option<Vec<Appointment>>,
    /// Ours, with the state: since when what decides it holds; only for whoever sees appointments.
    #[serde(rename = "stPresenceSince", skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Ours, with the state: what it is called, a named state or a profile.
    #[serde(rename = "u8sShownAs", skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<String>,
}

impl Presence {
    /// Keeps only what is in `sections`.
    #[must_use]
    pub fn restricted_to(mut self, sections: Flags) -> Self {
        for section in Flags::ALL {
            if !sections.has(section) {
                self.clear(section, sections);
            }
        }
        self
    }

    /// Takes `section` away; what belongs to two sections stays as long as one of them is `kept`.
    fn clear(&mut self, section: Flags, kept: Flags) {
        match section {
            Flags::PRESENCE => (self.state, self.since, self.shown_as) = (None, None, None),
            Flags::DATA if !kept.has(Flags::DATA_WITH_IMAGE) => self.remote_contact = None,
            Flags::DATA_WITH_IMAGE => {
                if let Some(contact) = &mut self.remote_contact {
                    contact.image_hash = None;
                }
            }
            Flags::CONFIGURATION => {
                (self.property_bag, self.feature_set, self.capabilities) = (None, None, None);
                (self.static_rights, self.monitor_rights, self.static_rights_2) = (None, None, None);
            }
            Flags::ABSENT_STATE => self.absent_state = None,
            Flags::NOTE => self.custom_note = None,
            Flags::APPOINTMENT => {
                (self.appointments, self.next_appointment, self.next_appointments) = (None, None, None);
            }
            Flags::PHONE_LINES => self.lines = None,
            Flags::CALLS => self.calls = None,
            Flags::FORWARDS => self.forwards = None,
            Flags::DYNAMIC_RIGHTS => self.dynamic_rights = None,
            Flags::AGENT_STATE => self.agent_state = None,
            Flags::MONITOR_GROUPING => self.monitor_grouping = None,
            _ => {}
        }
    }
}

/// What a contact is called and how it is reached (`AsnNetDatabaseContact`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoteContact {
    /// The contact's identity here, whatever it is called.
    #[serde(rename = "u8sEntryID")]
    pub entry_id: String,
    /// The name to show.
    #[serde(rename = "u8sDisplayName")]
    pub display_name: String,
    /// The job title.
    #[serde(rename = "u8sJobTitle", skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// The company.
    #[serde(rename = "u8sCompany", skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// The mail address.
    #[serde(rename = "u8sEMail", skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// The SIP address.
    #[serde(rename = "u8sSIPAddress", skip_serializing_if = "Option::is_none")]
    pub sip: Option<String>,
    /// The work telephone number.
    #[serde(rename = "u8sPhoneBusiness", skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// By which the picture is asked for; only with the section that has it.
    #[serde(rename = "u8sImageHash", skip_serializing_if = "Option::is_none")]
    pub image_hash: Option<String>,
}

/// The own word of somebody (`AsnAbsentStateV2`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsentState {
    /// Whose.
    #[serde(rename = "u8sContactId")]
    pub contact_id: String,
    /// 0 available, 1 out of office, 2 busy, 3 do not disturb, 4 nothing said.
    #[serde(rename = "eAbsentState")]
    pub state: u8,
    /// What came of it, with everything else.
    #[serde(rename = "iPresenceState", skip_serializing_if = "Option::is_none")]
    pub presence_state: Option<u32>,
    /// Since when.
    #[serde(rename = "stTimeFrom", skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(rename = "stTimeTo", skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// The named state that was chosen, such as "Coffee break". Ours; clients may leave it out.
    #[serde(rename = "u8sCustomState", skip_serializing_if = "Option::is_none")]
    pub custom_state: Option<String>,
}

/// The notes of somebody (`AsnCustomNote`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomNote {
    /// Whose.
    #[serde(rename = "u8sContactID")]
    pub contact_id: String,
    /// What they are called.
    #[serde(rename = "u8sUsername", default)]
    pub user_name: String,
    /// The note that is shown first; empty when there is none.
    #[serde(rename = "u8sNote")]
    pub note: String,
    /// All of them, first the one that is shown, with those about appointments for whoever may see
    /// appointments. Ours; clients may leave it out.
    #[serde(rename = "seqNotes", skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<String>>,
}

/// An appointment (`AsnAppointmentEntry`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Which calendar says so.
    #[serde(rename = "u8sDataSource")]
    pub source: String,
    /// Since when.
    #[serde(rename = "stStart")]
    pub start: Timestamp,
    /// Until when.
    #[serde(rename = "stEnd")]
    pub end: Timestamp,
    /// What it is about: not known, empty.
    #[serde(rename = "u8sSubject")]
    pub subject: String,
    /// 0 free, 1 tentative, 2 busy, 3 out of office.
    #[serde(rename = "iStatus")]
    pub status: u8,
}

/// A line (`AsnPresenceLine`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line as its source calls it.
    #[serde(rename = "u8sLinePhoneNumber")]
    pub line: String,
    /// The number to show.
    #[serde(rename = "u8sLineNumber")]
    pub number: String,
    /// 1 while it is registered, else 0.
    #[serde(rename = "iState")]
    pub state: u8,
    /// 1 while it puts no call through, else 0.
    #[serde(rename = "iDoNotDisturb")]
    pub do_not_disturb: u8,
    /// Which forwards may be set: none, always 0.
    #[serde(rename = "iForwardFeaturesPBX")]
    pub forward_features: u32,
}

/// What became of a call since it was told last.
pub mod action {
    /// It is new.
    pub const ADDED: u8 = 0;
    /// It changed.
    pub const CHANGED: u8 = 1;
    /// It ended.
    pub const DELETED: u8 = 2;
}

/// The number of a call that nobody has answered yet (`EAsnCallState`).
pub const OFFERING: u32 = 2;
/// The number of a call that goes on.
pub const CONNECTED: u32 = 32;
/// The number of a call with several.
pub const CONFERENCED: u32 = 64;
/// The number of a call that ended.
pub const DISCONNECTED: u32 = 256;

/// A call (`AsnPresenceCallV2`). Sources say that one goes on, not with whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// 0 it is new, 1 it changed, 2 it ended, see [`action`].
    #[serde(rename = "iAction")]
    pub action: u8,
    /// By which it is known as long as it lasts.
    #[serde(rename = "u8sConnectionID")]
    pub connection_id: String,
    /// The line as its source calls it.
    #[serde(rename = "u8sLinePhoneNumber")]
    pub line: String,
    /// The number of the line.
    #[serde(rename = "u8sLineNumber")]
    pub number: String,
    /// The number of the other side: not known, empty.
    #[serde(rename = "u8sCurrentNumberSC")]
    pub current_number: String,
    /// Which calls belong together: not known, empty.
    #[serde(rename = "u8sTrackerID")]
    pub tracker_id: String,
    /// 2 it rings, 32 it goes on, 64 with several, 256 it ended.
    #[serde(rename = "eCallState")]
    pub state: u32,
    /// What the watcher may do with it: nothing, always 0.
    #[serde(rename = "iFeatures")]
    pub features: u32,
    /// Who called: not known, always false.
    #[serde(rename = "bOutbound")]
    pub is_outbound: bool,
    /// Whether the other side is a colleague: not known, always false.
    #[serde(rename = "bInternal")]
    pub is_internal: bool,
    /// The kind of call: not known, always 0.
    #[serde(rename = "eCallType")]
    pub call_type: u32,
    /// Its kind in a journal: not known, always 0.
    #[serde(rename = "eJournalCallType")]
    pub journal_type: u32,
}

/// A forward of a line (`AsnPresenceForward`). None is shown; clients know the shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// The line as its source calls it.
    #[serde(rename = "u8sLinePhoneNumber")]
    pub line: String,
    /// The number of the line.
    #[serde(rename = "u8sLineNumber")]
    pub number: String,
    /// Its identity.
    #[serde(rename = "iInternalID")]
    pub id: i64,
    /// Whereto.
    #[serde(rename = "u8sDestination")]
    pub destination: String,
    /// 1 always, 2 on busy, 3 on no answer.
    #[serde(rename = "iForwardMode")]
    pub mode: u32,
    /// After how many seconds without an answer.
    #[serde(rename = "iNoAnswerTime", skip_serializing_if = "Option::is_none")]
    pub no_answer_seconds: Option<u32>,
}

/// What an agent is ready for (`AsnAgentState`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentState {
    /// 0 no agent, 1 not ready, 2 ready, 3 busy, 4 working after a call.
    #[serde(rename = "dwState")]
    pub state: u32,
}

/// What one contact allows another (`AsnUserDynamicRights`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicRights {
    /// Whom it is allowed.
    #[serde(rename = "u8sObjectID")]
    pub object_id: String,
    /// What may be seen, see [`crate::rights`].
    #[serde(rename = "iPresenceRights")]
    pub presence: u32,
    /// What may be done with the first telephone: nothing, always 0.
    #[serde(rename = "iPhoneControlRightsPrimary")]
    pub phone_primary: u32,
    /// What may be done with other telephones: nothing, always 0.
    #[serde(rename = "iPhoneControlRightsSecondary")]
    pub phone_secondary: u32,
}

impl DynamicRights {
    /// That `object_id` may see what `presence` says.
    pub fn of(object_id: impl Into<String>, presence: u32) -> Self {
        Self { object_id: object_id.into(), presence, phone_primary: 0, phone_secondary: 0 }
    }
}

/// What the watcher was allowed, and could be (`AsnActualUserDynamicRights`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DynamicRightsRange {
    /// What the watcher may see whatever the contact allows.
    #[serde(rename = "asnMinPossibleRights")]
    pub least: DynamicRights,
    /// What the contact could allow at most.
    #[serde(rename = "asnMaxPossibleRights")]
    pub most: DynamicRights,
    /// What it allows.
    #[serde(rename = "asnCurrentRights", skip_serializing_if = "Option::is_none")]
    pub current: Option<DynamicRights>,
}

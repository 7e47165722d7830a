//! Signed requests, as whoever receives them looks at them.

use crate::emulator::Seen;
use crate::process::python;

/// What requests are signed with.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What somebody else makes of id, time and body of a request, with a library that is not ours.
pub fn signature(seen: &Seen) -> String {
    let program = "import sys,hmac,hashlib,base64\n\
        secret,id,at,body=sys.argv[1:]\n\
        key=base64.b64decode(secret[len('whsec_'):])\n\
        mac=hmac.new(key,f'{id}.{at}.{body}'.encode(),hashlib.sha256).digest()\n\
        print('v1,'+base64.b64encode(mac).decode(),end='')";
    python(program, [SECRET, seen.header("webhook-id"), seen.header("webhook-timestamp"), &seen.body])
}

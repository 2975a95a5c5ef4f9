/* What is asked of system calls as such. Shared with the kernel side of sources, so it is C and
 * includes only its like: the includer brings __u16 and friends.
 */
#ifndef SOCKTAP_CALL_SETTINGS_H
#define SOCKTAP_CALL_SETTINGS_H

#include "../../event/wire.h"
#include "call_kind.h"

/* A form is a row of tapset::calls(); a call has one for 64-bit tasks and one for 32-bit tasks,
 * which may be the same. */
#define SOCKTAP_CALL_FORMS 1024 /* a power of two, more than there are */
#define SOCKTAP_SOCKETCALLS 32
#define SOCKTAP_FORM_MASK (SOCKTAP_CALL_FORMS - 1)
#define SOCKTAP_FORM_BEGIN (1 << 14) /* its beginning is wanted */
#define SOCKTAP_FORM_CONCLUSION (1 << 15)

/* How memory is captured: as tapset::Capture::How. */
enum {
  SOCKTAP_CAPTURE_NOTHING = 0,
  SOCKTAP_CAPTURE_STRING,
  SOCKTAP_CAPTURE_BYTES,
  SOCKTAP_CAPTURE_FIXED,
  SOCKTAP_CAPTURE_STRINGS,
};
struct socktap_capture {
  __u8 how;
  __u8 argument;
  __u8 count;
};

struct socktap_call_settings {
  /* By number: 1 + the index of the form, and SOCKTAP_FORM_ bits. */
  __u16 native_forms[SOCKTAP_CALL_NUMBERS];
  __u16 compat_forms[SOCKTAP_CALL_NUMBERS];
  __u16 socketcall_forms[SOCKTAP_SOCKETCALLS];
  __u16 unknown_forms; /* SOCKTAP_FORM_ bits of the calls that are no form */
  struct socktap_capture captures[SOCKTAP_CALL_FORMS][SOCKTAP_CAPTURES];
};

#endif /* SOCKTAP_CALL_SETTINGS_H */

// Which path a message takes: by the system call it is sent or received in, by the io_uring
// operation it comes of; and where such a call has its flags.
#pragma once

#include <linux/types.h>

#include "sources/calls/call_kind.h"
#include "tapset/catalogue.h"

namespace socktap::sources {

// Path::none where no message of that direction can come of it.
tapset::Path path_of_call(socktap_call call, tapset::Operation direction);
tapset::Path path_of_opcode(unsigned opcode, tapset::Operation direction);

// Which argument holds the message's flags, from 1 on; 0: none.
unsigned flags_argument_of(socktap_call call);

}  // namespace socktap::sources

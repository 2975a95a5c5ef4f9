// Which path a message takes: by the system call it is sent or received in, by the io_uring
// operation it comes of.
#pragma once

#include <linux/types.h>

#include "sources/calls/call_kind.h"
#include "tapset/catalogue.h"

namespace socktap::sources {

// Path::none where no message of that direction can come of it.
tapset::Path path_of_call(socktap_call call, tapset::Operation direction);
tapset::Path path_of_opcode(unsigned opcode, tapset::Operation direction);

}  // namespace socktap::sources

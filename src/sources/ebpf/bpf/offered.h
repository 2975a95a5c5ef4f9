#pragma once

#include "call.h"

#define SIZE_UNREADABLE (-1)

/* How many bytes the call offers to send, or asks room for. */
long offered_size(const struct call* call);

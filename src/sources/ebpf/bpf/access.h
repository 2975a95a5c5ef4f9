/* READ(pointer, member, member ...): follows members from a kernel pointer. A program on a typed
 * tracepoint loads directly; one that the kernel gives no types asks the probe-read helper for
 * every hop. The including file defines SOCKTAP_PROBED for the latter.
 */
#pragma once

#include "kernel.h"

#ifdef SOCKTAP_PROBED
#define READ(pointer, ...) BPF_CORE_READ(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD_PROBED(pointer, field)
#else
#define READ(pointer, ...) ___arrow(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD(pointer, field)
#endif

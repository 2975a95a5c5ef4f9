/* READ(pointer, member, member ...): follows members from a socket. A program that was given the
 * socket with its type loads directly; one that found it by itself asks the probe-read helper for
 * every hop. The including file defines SOCKTAP_PROBED for the latter. The current task and its
 * registers have their type everywhere.
 *
 * Where a pointer is loaded from an argument of the program or from the current task, the verifier
 * searches all of the kernel's types by name, about a millisecond each time it comes by. So such
 * loads are made once, before the program branches, and what is rarely asked for is read by
 * FETCH, which always probes.
 */
#pragma once

#include "kernel.h"

#define FETCH(pointer, ...) BPF_CORE_READ(pointer, __VA_ARGS__)

#ifdef SOCKTAP_PROBED
#define READ(pointer, ...) BPF_CORE_READ(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD_PROBED(pointer, field)
#else
#define READ(pointer, ...) ___arrow(pointer, __VA_ARGS__)
#define READ_BITFIELD(pointer, field) BPF_CORE_READ_BITFIELD(pointer, field)
#endif

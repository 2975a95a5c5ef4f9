// From an interest to running collectors: selects a strategy for each aspect, loads, attaches and
// calibrates, and goes on to the next strategy where one is refused or does not see what it should.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/coverage.h"
#include "sources/ebpf/collectors.h"
#include "sources/ebpf/script_part.h"
#include "sources/interest.h"
#include "sources/ring/ring_reader.h"
#include "sources/source.h"

namespace socktap::sources::ebpf {

struct AttachOptions {
  std::vector<std::string> disabled_strategies;
  std::optional<Backend> backend;  // all where none is forced
  ScriptPart script_part;
  std::string types_file;  // the kernel's types, if it has none itself; "": it has
  Sizes sizes;
  bool thorough = false;  // calibrate on sockets of every family
};

// Attached, but not yet live: nothing is recorded, and the rings are empty.
struct Attachment {
  std::unique_ptr<Collectors> collectors;
  std::unique_ptr<RingReader> reader;
  Coverage coverage;
};

// Fails if nothing of what is needed could be attached, or if the scope cannot be kept. What else
// is missing is in the coverage.
Result<Attachment> attach_collectors(const Interest& interest, const Scope& scope,
                                     const AttachOptions& options);

}  // namespace socktap::sources::ebpf

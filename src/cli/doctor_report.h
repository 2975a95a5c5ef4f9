// What `socktap doctor` prints, as text for people and as JSON for programs.
#pragma once

#include <string>

#include "sources/coverage.h"
#include "sources/ebpf/host_report.h"

namespace socktap::cli {

struct Diagnosis {
  sources::ebpf::HostReport host;
  sources::Coverage coverage;  // empty when nothing could be attached
  std::string refusal;         // why nothing could be; else empty
  std::string remedy;          // what would help against it; may be empty
};

std::string as_text(const Diagnosis& diagnosis);
std::string as_json(const Diagnosis& diagnosis);

}  // namespace socktap::cli

// The text of run-time errors: what went wrong and near which word of the script.
#pragma once

#include <string>

#include "base/source_map.h"
#include "vm/code.h"

namespace socktap::vm {

// The word that a site is about.
Span place_of(const FaultSite& site, const SourceMap& sources);

// "MESSAGE near operator '/' at a.stp:3:14"; of a keyword not which. Without a site, or in a text
// that the map does not have, the message alone.
std::string describe_fault(const std::string& message, const FaultSite* site,
                           const SourceMap& sources);

// The site of an instruction; null if it has none.
const FaultSite* find_fault_site(const Code& code, std::uint32_t instruction);

}  // namespace socktap::vm

// What the eBPF source cannot show on the running kernel: the closed list.
#pragma once

#include <string>
#include <vector>

#include "sources/ebpf/selection.h"

namespace socktap::sources::ebpf {

std::vector<std::string> limits_of(const Selection& selection, const Interest& interest,
                                   Preemption preemption);

}  // namespace socktap::sources::ebpf

// What would help where the kernel refuses a program: as exactly as can be known from here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace socktap::sources::ebpf {

// Against an errno. `needs`: what a kernel must offer, for the errors that say it does not.
std::string remedy_for(int code, std::string_view needs);

// Of a refusal for want of permission: the capabilities that are missing, or else who refuses. The
// numbers are those of /proc/PID/status (CapEff) and of the lockdown that is in force.
std::string remedy_of_permission(std::uint64_t effective_capabilities, std::string_view lockdown);

// "none", "integrity", "confidentiality"; empty: no such thing.
std::string lockdown();

}  // namespace socktap::sources::ebpf

// What would help where the kernel refuses a program: as exactly as can be known from here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socktap::sources::ebpf {

// Against an errno. `needs`: what a kernel must offer, for the errors that say it does not.
std::string remedy_for(int code, std::string_view needs);

// What a process may do.
struct Standing {
  std::uint64_t capabilities = 0;  // CapEff of /proc/PID/status
  std::string lockdown;            // that is in force
  // RLIMIT_MEMLOCK in bytes, if eBPF is charged to it.
  std::optional<std::uint64_t> memory_limit = std::nullopt;
};

// Of a refusal for want of permission: the capabilities that are missing, or else who refuses.
std::string remedy_of_permission(const Standing& standing);

// "none", "integrity", "confidentiality"; empty: no such thing.
std::string lockdown();

}  // namespace socktap::sources::ebpf

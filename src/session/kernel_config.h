// How the running kernel was configured, as far as it tells.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace socktap::session {

using KernelConfig = std::map<std::string, std::string>;

// The options that a .config file's text sets: CONFIG_X=value; strings keep their quotes.
KernelConfig parse_kernel_config(std::string_view text);

// Of the running kernel, whose release is given; none if no file tells.
std::optional<KernelConfig> read_kernel_config(const std::string& release);

}  // namespace socktap::session

// Every call that sends or receives one message, as rows of two tables.
#pragma once

#include <span>
#include <string_view>

#include "recorder.h"
#include "workbench.h"

namespace socktap::workload {

struct Call {
  std::string_view name;
  PathSet paths;
  std::string_view begin_mark;
  // Sends all of `bytes`, or receives at most as many. Bytes moved or negative errno.
  long (*run)(Workbench& bench, int fd, std::span<char> bytes);
  enum class Needs { nothing, ring, aio, zero_copy } needs = Needs::nothing;
};

std::span<const Call> send_calls();
std::span<const Call> receive_calls();
const Call& plain_send();     // send(2)
const Call& plain_receive();  // recv(2)

}  // namespace socktap::workload

// Why an event that happened need not be observed: the closed list of what raw tracepoints and
// system call entries cannot show. Anything that is not marked must be seen exactly once.
#pragma once

#include <string_view>

namespace socktap::workload::mark {

inline constexpr std::string_view none;
// The stream families hand splice their pages without a receive.
inline constexpr std::string_view splice_out_of_stream = "blind:splice-out-of-stream";
// io_uring and AIO begin their operations outside the calls that send and receive.
inline constexpr std::string_view uring_begin = "blind:uring-begin";
inline constexpr std::string_view aio_begin = "blind:aio-begin";
// Second and later messages of sendmmsg and recvmmsg begin inside the call.
inline constexpr std::string_view batch_begin = "blind:later-message-begin";
// Released by a message in flight that is dropped, by io_uring.
inline constexpr std::string_view close_otherwise = "blind:close-otherwise";
// The try that ends a short sendmmsg or recvmmsg; only some sources can see it.
inline constexpr std::string_view short_batch_end = "optional:short-batch-end";
// No message, but at the entry of the call that cannot be known yet.
inline constexpr std::string_view unreadable_at_entry = "optional:unreadable-at-entry";

}  // namespace socktap::workload::mark

// Arithmetic and byte order.
#include <algorithm>
#include <bit>

#include "vm/library_functions.h"
#include "vm/library_state.h"

namespace socktap::vm::library {
namespace {

static_assert(std::endian::native == std::endian::little, "network order is the other one");

// The lowest bits of T turned round; what lies above them is dropped.
template <typename T>
std::int64_t turned(const LibraryCall& call) {
  const auto value = static_cast<T>(call.arguments[0].number);
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return static_cast<std::int64_t>(__builtin_bswap64(value));
}

constexpr std::int64_t max_range = 1 << 20;

}  // namespace

void abs(LibraryCall& call) {
  const std::int64_t value = call.arguments[0].number;
  const auto bits = static_cast<std::uint64_t>(value);
  call.number = value < 0 ? static_cast<std::int64_t>(0 - bits) : value;
}

void min(LibraryCall& call) {
  call.number = std::min(call.arguments[0].number, call.arguments[1].number);
}

void max(LibraryCall& call) {
  call.number = std::max(call.arguments[0].number, call.arguments[1].number);
}

void randint(LibraryCall& call) {
  const std::int64_t below = call.arguments[0].number;
  if (below < 0 || below > max_range) {
    call.error = "range too wide";
    return;
  }
  call.number = below == 0 ? 0 : call.state.random(below);
}

void htons(LibraryCall& call) { call.number = turned<std::uint16_t>(call); }
void ntohs(LibraryCall& call) { call.number = turned<std::uint16_t>(call); }
void htonl(LibraryCall& call) { call.number = turned<std::uint32_t>(call); }
void ntohl(LibraryCall& call) { call.number = turned<std::uint32_t>(call); }
void htonll(LibraryCall& call) { call.number = turned<std::uint64_t>(call); }
void ntohll(LibraryCall& call) { call.number = turned<std::uint64_t>(call); }

}  // namespace socktap::vm::library

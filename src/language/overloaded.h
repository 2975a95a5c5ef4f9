// std::visit with one lambda for each alternative: std::visit(overloaded{...}, variant).
#pragma once

namespace socktap::language {

template <typename... Handlers>
struct overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
overloaded(Handlers...) -> overloaded<Handlers...>;

}  // namespace socktap::language

// How shells quote.
#pragma once

#include <string>
#include <string_view>

namespace socktap::manual {

std::string in_quotes(std::string_view text);  // as sh takes it
std::string in_quotes_of_fish(std::string_view text);

}  // namespace socktap::manual

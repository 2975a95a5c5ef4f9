/// @file
/// What of the shared library is visible.
#pragma once

/// Marks what libsocktap shows; all else in it is hidden.
#define SOCKTAP_API __attribute__((visibility("default")))

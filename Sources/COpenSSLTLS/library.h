#pragma once
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

/* Random numbers for the Rust standard library under a wine that lacks this DLL (before 8.17):
   ProcessPrng, made of what every Windows has had since 2001. Only the tests use it. */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length)
{
    return SystemFunction036(data, (ULONG)length);
}

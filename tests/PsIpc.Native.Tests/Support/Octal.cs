using System;

namespace PsIpc.Native.Tests.Support;

/// <summary>C# has no octal literals.</summary>
internal static class Octal
{
    internal static int Mode(string digits) => Convert.ToInt32(digits, 8);
}

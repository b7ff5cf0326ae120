using System;
using System.Text;

namespace PsIpc.Commands;

/// <summary>How objects become messages.</summary>
/// <param name="Encoding">The encoding of text.</param>
/// <param name="NullTerminated">Whether a NUL of the encoding is appended, as C strings have one.</param>
/// <param name="PadTo">The length up to which NULs are appended; null for none.</param>
/// <param name="AsObject">Whether an object is sent as CLIXML.</param>
/// <param name="Depth">How deep CLIXML goes into an object.</param>
/// <param name="LineEnd">What is appended to text, and to nothing else; empty for nothing.</param>
internal sealed record PayloadOptions(Encoding Encoding, bool NullTerminated, int? PadTo, bool AsObject, int Depth, ReadOnlyMemory<byte> LineEnd = default);

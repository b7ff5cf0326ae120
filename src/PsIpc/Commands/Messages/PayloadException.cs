using System;

namespace PsIpc.Commands;

/// <summary>An object cannot be sent; carries the ErrorId of the reason.</summary>
internal sealed class PayloadException(string errorId, params (string Place, object? Value)[] values) : Exception(errorId)
{
    internal string ErrorId { get; } = errorId;

    internal (string Place, object? Value)[] Values { get; } = values;
}

using System;
using System.Collections.Generic;
using PsIpc.Host.Engine;

namespace PsIpc.Host.Parsing;

/// <summary>A cmdlet as it stands in a line.</summary>
/// <param name="Name">Its name, as it was typed.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record CommandSyntax(string Name, IReadOnlyList<CommandArgument> Arguments);

/// <summary>One pipeline.</summary>
/// <param name="Line">The line it begins in, counted from 1.</param>
/// <param name="ReadsInput">Whether it begins with $input.</param>
/// <param name="Values">The literals it begins with; null when it begins with a cmdlet or with $input.</param>
/// <param name="Commands">Its cmdlets.</param>
internal sealed record PipelineSyntax(
    int Line, bool ReadsInput, IReadOnlyList<object?>? Values, IReadOnlyList<CommandSyntax> Commands);

/// <summary>A line cannot be read, or holds what psipc has not. Nothing of its text is run.</summary>
/// <param name="message">What is wrong, and what to do; for the user.</param>
/// <param name="line">The line, counted from 1.</param>
internal sealed class SyntaxException(string message, int line) : Exception(message)
{
    internal int Line { get; } = line;
}

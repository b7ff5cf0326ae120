using System.Management.Automation;

namespace PsIpc.Host.Engine;

/// <summary>An answer to a question of ShouldProcess or ShouldContinue.</summary>
public enum Answer
{
    /// <summary>Yes, this once.</summary>
    Yes,

    /// <summary>Yes, and do not ask again.</summary>
    YesToAll,

    /// <summary>No, this once.</summary>
    No,

    /// <summary>No, and do not ask again.</summary>
    NoToAll,
}

/// <summary>Where the streams of a pipeline end.</summary>
public interface IEngineHost
{
    /// <summary>Takes an object that came out of the pipeline.</summary>
    /// <param name="value">The object.</param>
    void WriteOutput(object? value);

    /// <summary>Shows an error.</summary>
    /// <param name="error">The error.</param>
    void WriteError(ErrorRecord error);

    /// <summary>Shows a line of the warning, verbose, debug or information stream.</summary>
    /// <param name="stream">Which stream.</param>
    /// <param name="text">The line.</param>
    void WriteLine(TextStream stream, string text);

    /// <summary>Shows how far something is.</summary>
    /// <param name="progress">How far.</param>
    void WriteProgress(ProgressRecord progress);

    /// <summary>Asks the user.</summary>
    /// <param name="caption">The heading.</param>
    /// <param name="question">The question.</param>
    /// <param name="offersAll">Whether "to all" is among the answers.</param>
    /// <exception cref="PSInvalidOperationException">Nobody is there to be asked.</exception>
    Answer Ask(string caption, string question, bool offersAll);
}

/// <summary>The streams that carry lines of text.</summary>
public enum TextStream
{
    /// <summary>Warnings.</summary>
    Warning,

    /// <summary>What -Verbose shows.</summary>
    Verbose,

    /// <summary>What -Debug shows.</summary>
    Debug,

    /// <summary>What -InformationAction Continue shows.</summary>
    Information,

    /// <summary>What -WhatIf says would be done.</summary>
    WhatIf,
}

using System;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Native;

namespace PsIpc.Errors;

/// <summary>Makes the ErrorRecords that cmdlets write.</summary>
internal static class Failure
{
    /// <summary>The record of a failed system call, with the sentence that says what to do.</summary>
    /// <param name="failure">The failed call.</param>
    /// <param name="target">What the cmdlet was working on.</param>
    /// <param name="name">What to call that in the sentence.</param>
    /// <param name="values">Further places of the sentence.</param>
    internal static ErrorRecord Of(IpcException failure, object? target, string name, params (string Place, object? Value)[] values)
    {
        ErrorTable.Entry entry = ErrorTable.Find(failure);
        string sentence = Sentences.Format(
            entry.ErrorId, [("target", name), ("call", failure.Call), ("errno", failure.Symbol), ("system", failure.Message), .. values]);
        IpcException explained = new(failure.Call, failure.Errno, sentence, failure);
        return new ErrorRecord(explained, entry.ErrorId, entry.Category, target);
    }

    /// <summary>The record of something that no system call was needed to refuse.</summary>
    /// <param name="errorId">ErrorId and name of the sentence.</param>
    /// <param name="category">Its category.</param>
    /// <param name="target">What the cmdlet was working on.</param>
    /// <param name="values">Places of the sentence.</param>
    internal static ErrorRecord Of(string errorId, ErrorCategory category, object? target, params (string Place, object? Value)[] values) =>
        new(new InvalidOperationException(Sentences.Format(errorId, values)), errorId, category, target);

    /// <summary>The record of a wait that lasted too long.</summary>
    internal static ErrorRecord Timeout(
        string errorId, object? target, string name, TimeSpan time, params (string Place, object? Value)[] values)
    {
        string sentence = Sentences.Format(
            errorId, [("target", name), ("time", time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)), .. values]);
        return new ErrorRecord(new TimeoutException(sentence), errorId, ErrorCategory.OperationTimeout, target);
    }
}

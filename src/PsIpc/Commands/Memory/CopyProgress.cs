using System;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using PsIpc.Errors;

namespace PsIpc.Commands;

/// <summary>Shows how far a long copy is: ten times a second at most, and not at all for a short one.</summary>
/// <param name="command">Who copies.</param>
/// <param name="activity">The name of the sentence that says what is done.</param>
/// <param name="target">What it is done with.</param>
/// <param name="total">Bytes in all; null when that is not known.</param>
internal sealed class CopyProgress(Cmdlet command, string activity, string target, long? total)
{
    private const int ActivityId = 7;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly string _activity = Sentences.Format(activity, ("target", target));
    private long _last = Stopwatch.GetTimestamp();
    private bool _isShown;

    /// <summary>So many bytes are done.</summary>
    internal void Report(long done)
    {
        if (Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        _isShown = true;
        string status = total is { } all ? $"{HumanSize.Format(done)} / {HumanSize.Format(all)}" : HumanSize.Format(done);
        command.WriteProgress(new ProgressRecord(ActivityId, _activity, status)
        {
            PercentComplete = total is > 0 and var bytes ? (int)Math.Min(100, (decimal)done * 100 / bytes) : -1,
        });
    }

    /// <summary>Takes the display away.</summary>
    internal void Complete()
    {
        if (_isShown)
        {
            command.WriteProgress(new ProgressRecord(ActivityId, _activity, total?.ToString(CultureInfo.InvariantCulture) ?? "-") { RecordType = ProgressRecordType.Completed });
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;

namespace PsIpc.Host.Tests;

/// <summary>Shows what was bound to it.</summary>
[Cmdlet("Show", "Binding", DefaultParameterSetName = "Text")]
public sealed class ShowBindingCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Text")]
    [Alias("Words")]
    public string[]? Text { get; set; }

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Uri")]
    public Uri? Address { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Number")]
    [ValidateRange(1, 10)]
    public int Number { get; set; }

    [Parameter]
    public DayOfWeek? Day { get; set; }

    [Parameter]
    public object? Anything { get; set; }

    [Parameter]
    public double? Real { get; set; }

    [Parameter]
    public bool? Flag { get; set; }

    [Parameter]
    [ValidateSet("red", "green")]
    public string? Colour { get; set; }

    [Parameter]
    [ValidatePattern("^a")]
    public string? Pattern { get; set; }

    [Parameter]
    [ValidateLength(2, 3)]
    public string? Length { get; set; }

    [Parameter]
    [ValidateCount(1, 2)]
    public int[]? Several { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(ParameterSetName);
        foreach (KeyValuePair<string, object?> one in MyInvocation.BoundParameters)
        {
            WriteObject(one);
        }
    }
}

/// <summary>Counts its calls, and asks before each.</summary>
[Cmdlet("Test", "Process", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class TestProcessCommand : Cmdlet, IDisposable
{
    public static List<string> Calls { get; } = [];

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public string Fail { get; set; } = "";

    public void Dispose() => Calls.Add("dispose");

    protected override void BeginProcessing() => Calls.Add("begin");

    protected override void ProcessRecord()
    {
        switch (Fail)
        {
            case "throw":
                throw new InvalidCastException("thrown");
            case "terminate":
                ThrowTerminatingError(new ErrorRecord(new InvalidOperationException("ended"), "Ended", ErrorCategory.InvalidOperation, Name));
                break;
            case "write":
                WriteError(new ErrorRecord(new InvalidOperationException("written"), "Written", ErrorCategory.InvalidData, Name));
                WriteWarning("careful");
                WriteVerbose("details");
                WriteDebug("more");
                WriteInformation("note", null);
                WriteProgress(new ProgressRecord(1, "a", "b"));
                break;
        }

        foreach (string name in Name.Where(one => ShouldProcess(one)))
        {
            WriteObject(name);
        }
    }

    protected override void EndProcessing() => Calls.Add("end");
}

/// <summary>Asks with an answer for all.</summary>
[Cmdlet("Test", "Question")]
public sealed class TestQuestionCommand : Cmdlet
{
    private bool _yes;
    private bool _no;

    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public string Name { get; set; } = "";

    protected override void ProcessRecord() => WriteObject(ShouldContinue($"{Name}?", "Caption", ref _yes, ref _no));
}

/// <summary>Emits collections whole and taken apart.</summary>
[Cmdlet("Test", "Output")]
public sealed class TestOutputCommand : Cmdlet
{
    [Parameter]
    public SwitchParameter Enumerate { get; set; }

    protected override void ProcessRecord()
    {
        WriteObject(new[] { 1, 2 }, Enumerate);
        WriteObject("text", Enumerate);
        WriteObject(null);
    }
}

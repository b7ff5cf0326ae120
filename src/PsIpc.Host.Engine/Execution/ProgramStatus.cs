namespace PsIpc.Host.Engine;

/// <summary>How the programs ended that cmdlets ran: what $LASTEXITCODE is to PowerShell.</summary>
public static class ProgramStatus
{
    /// <summary>What the last one returned, or 128 and the signal that ended it; null when none has run.</summary>
    public static int? Last { get; internal set; }
}

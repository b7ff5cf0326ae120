using System.Collections.Generic;
using System.Management.Automation;
using System.Reflection;

namespace PsIpc.Host.Engine;

/// <summary>The parameters that every cmdlet has. Those that need variables are known by name, to be refused by name.</summary>
internal sealed class CommonParameters
{
    private static readonly string[] Names =
    [
        nameof(Verbose), nameof(Debug), nameof(ErrorAction), nameof(WarningAction), nameof(InformationAction), nameof(ProgressAction),
        nameof(ErrorVariable), nameof(WarningVariable), nameof(InformationVariable), nameof(OutVariable), nameof(OutBuffer), nameof(PipelineVariable),
    ];

    [Parameter]
    [Alias("vb")]
    public SwitchParameter Verbose { get; set; }

    [Parameter]
    [Alias("db")]
    public SwitchParameter Debug { get; set; }

    [Parameter]
    [Alias("ea")]
    public ActionPreference ErrorAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("wa")]
    public ActionPreference WarningAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("infa")]
    public ActionPreference InformationAction { get; set; } = ActionPreference.SilentlyContinue;

    [Parameter]
    [Alias("proga")]
    public ActionPreference ProgressAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("ev")]
    public string? ErrorVariable { get => null; set => Refuse(nameof(ErrorVariable)); }

    [Parameter]
    [Alias("wv")]
    public string? WarningVariable { get => null; set => Refuse(nameof(WarningVariable)); }

    [Parameter]
    [Alias("iv")]
    public string? InformationVariable { get => null; set => Refuse(nameof(InformationVariable)); }

    [Parameter]
    [Alias("ov")]
    public string? OutVariable { get => null; set => Refuse(nameof(OutVariable)); }

    [Parameter]
    [Alias("ob")]
    public int OutBuffer { get => 0; set => Refuse(nameof(OutBuffer)); }

    [Parameter]
    [Alias("pv")]
    public string? PipelineVariable { get => null; set => Refuse(nameof(PipelineVariable)); }

    [Parameter]
    [Alias("wi")]
    public SwitchParameter WhatIf { get; set; }

    [Parameter]
    [Alias("cf")]
    public SwitchParameter Confirm { get; set; }

    /// <summary>The properties, in the order in which PowerShell lists them.</summary>
    internal static IEnumerable<PropertyInfo> Properties(bool supportsShouldProcess)
    {
        if (supportsShouldProcess)
        {
            yield return typeof(CommonParameters).GetProperty(nameof(WhatIf))!;
            yield return typeof(CommonParameters).GetProperty(nameof(Confirm))!;
        }

        foreach (string name in Names)
        {
            yield return typeof(CommonParameters).GetProperty(name)!;
        }
    }

    private static void Refuse(string name) => throw new RefusedException(
        name == nameof(OutBuffer)
            ? "psipc has no -OutBuffer: objects go on one by one. Leave it out, or run this in pwsh."
            : $"psipc has no variables, so it has no -{name}. Leave it out, or run this in pwsh.");
}

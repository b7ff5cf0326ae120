# The list of errors in docs/about/about_PsIpc_Errors.md, made of the source: what the module can say stands in
# src/PsIpc/Errors/Sentences.resx, and of which category it is where the error is made.

# Sentences that are no errors: questions, titles, and what progress is called.
$QuestionNames = 'HeldPrompt', 'HeldByThisSession', 'PathIsNoName', 'HeldCaption', 'InitPrompt', 'OwnProcessPrompt', 'OwnGroupPrompt', 'SignalCaption', 'ReadingMemory', 'WritingMemory'

# Sentences under another ErrorId: what makes an argument unusable is said by PowerShell's own errors of binding, and why a signal
# cannot be waited for by SignalNotWaitable.
$ArgumentPattern = '^(Key(Refused|IsZero|IsName)|PatternRefused|ObjectExpected|ScriptBlockExpected|Mode(Refused)|Duration(Refused|Ambiguous)|ProjectIdRefused|EncodingRefused|MessageTypeRefused|' +
'(Queue|Semaphore|SharedMemory)Name(NoLeadingSlash|Empty|SecondSlash|TooLong|Nul)|SemaphoreStepRefused|SemaphoreExpected|SharedMemoryExpected|SharedMemoryPicture|' +
'Layout(Refused|NotOrdered|Empty|Name|Reserved|Duplicate|Type|Count|Dimensions|TooLarge|TooDeep)|MemoryFormRefused|MemoryLabelRefused|' +
'Signal(Refused|NeverHandled|OfFault|OfRuntime|OfCLibrary|OfModule)|ProcessRefused|NotLinux)$'

# Categories that are decided where the error is thrown as an exception of the module's own.
$ThrownCategories = [ordered]@{
    InvalidData      = 'PayloadNull', 'PayloadNoClixml', 'PayloadByte', 'PayloadType', 'PayloadArray', 'PayloadLongerThanPad', 'PayloadNotEncodable', 'StreamPayload'
    InvalidType      = 'MemoryValueType', 'MemoryValueRefused', 'NothingToWrite'
    InvalidArgument  = 'HandleForeign', 'FlockHasNoRange', 'FieldValueRefused', 'DescriptorNumberRefused', 'MergedErrorPassed', 'PipeEndNeeded', 'SignalNotWaitable',
    'NotWaitable', 'PathNotWaitable', 'ConditionUnsupported', 'HandleConditionUnsupported', 'FifoNotOpen', 'PipeNotOpen', 'SocketNotOpen', 'WaitEndNeeded',
    'ElementOutOfRange', 'FieldOfFixedLength'
    InvalidOperation = 'FileLockNotRemovable', 'PipeNotRemovable', 'FileMappingNotRemovable', 'SocketWithoutFile', 'SocketFileGone', 'SystemCallFailed'
    ResourceBusy     = 'RecordLockHeld', 'RecordLockMixed'
    DeadlockDetected = @('LockWaitsForItself')
    OperationTimeout = 'ExitTimeout', 'ExitTimeoutKilled'
}

# Every sentence that a user can meet: its name, what it is, its category, its text.
function Get-Sentence {
    [OutputType([pscustomobject])]
    param([Parameter(Mandatory)] [string] $Root)

    $source = (Get-ChildItem (Join-Path $Root 'src/PsIpc') -Recurse -Filter *.cs | Sort-Object FullName | Get-Content -Raw) -join "`n"
    $categories = @{}
    foreach ($category in $ThrownCategories.Keys) {
        foreach ($name in $ThrownCategories[$category]) { $categories[$name] = $category }
    }

    foreach ($match in [regex]::Matches($source, '(?:Failure\.Of\(\s*|new\()"(\w+)",\s*ErrorCategory\.(\w+)')) { $categories[$match.Groups[1].Value] = $match.Groups[2].Value }
    foreach ($match in [regex]::Matches($source, 'Failure\.Timeout\(\s*"(\w+)"')) { $categories[$match.Groups[1].Value] = 'OperationTimeout' }
    $warnings = @([regex]::Matches($source, '(?:WriteWarning\([^;]*?|WarnWhileStopping\()Sentences\.Format\("(\w+)"|PutBackSentence => "(\w+)"|[?:] Sentences\.Format\("(\w+NotLasting)"').ForEach{
            $_.Groups[1].Value + $_.Groups[2].Value + $_.Groups[3].Value
        })
    $limits = @{}
    foreach ($match in [regex]::Matches((Get-Content -Raw (Join-Path $Root 'src/PsIpc.Native/Inventory/IpcLimit.All.cs')), 'IpcLimit (\w+) \{ get; \} =\s*new\("([\w.-]+)"')) {
        $limits[$match.Groups[1].Value] = $match.Groups[2].Value
    }

    $texts = [xml](Get-Content -Raw (Join-Path $Root 'src/PsIpc/Errors/Sentences.resx'))
    foreach ($data in $texts.root.data | Where-Object name -NotIn $QuestionNames | Sort-Object name -Culture '') {
        $what = if ($data.name -match $ArgumentPattern) { 'argument' } elseif ($categories.ContainsKey($data.name)) { 'error' } elseif ($data.name -in $warnings) { 'warning' } else { 'unknown' }
        [pscustomobject]@{
            Name = $data.name
            What = $what
            Category = $what -eq 'error' ? $categories[$data.name] : $null
            Text = [regex]::Replace($data.value, '\{(?:limit:(\w+)|(\w+))\}', { param($place) $limits[$place.Groups[1].Value] ?? "<$($place.Groups[2].Value)>" })
        }
    }

    # Raised under this name with the sentences of the signals.
    [pscustomobject]@{ Name = 'SignalNotWaitable'; What = 'error'; Category = $ThrownCategories.Keys.Where{ $ThrownCategories[$_] -contains 'SignalNotWaitable' }[0]
        Text = '<signal> cannot be waited for: <who needs it - the kernel, .NET, the C library or PsIpc itself>.' }
}

# The page with its generated lists as they are now; what stands around them stays.
function Merge-ErrorList {
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Page, [Parameter(Mandatory)] [string] $Root)

    $all = @(Get-Sentence -Root $Root)
    $unknown = @($all | Where-Object What -EQ unknown | ForEach-Object Name)
    if ($unknown.Count -gt 0) {
        throw "What are these: error, warning, question or argument? $($unknown -join ', '). docs/tools/Errors.ps1 has to know."
    }

    foreach ($kind in 'error', 'warning') {
        $lines = $all | Where-Object What -EQ $kind | Sort-Object Name -Culture '' | ForEach-Object {
            $head = $_.Category ? "$($_.Name) ($($_.Category))" : $_.Name
            # As code, so that nothing in it is taken for Markdown.
            "- **$head**: ``$($_.Text.Replace('`', "'"))``"
        }
        $Page = [regex]::Replace($Page, "(?s)(<!-- generated: ${kind}s -->\n).*?(\n<!-- end -->)", { param($match) $match.Groups[1].Value + "`n" + ($lines -join "`n") + "`n" + $match.Groups[2].Value })
    }

    $Page
}

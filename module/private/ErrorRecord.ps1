# One table: every word that is shown as an error id, with PowerShell's category for it. Outcomes of users, refusals of
# the engine (src/protocol/errors.ts), reasons why a run stopped (RunStopCode) and what goes wrong on this side.
$script:ErrorCategories = @{
    NotFound               = 'ObjectNotFound'
    InvalidReference       = 'InvalidArgument'
    Denied                 = 'PermissionDenied'
    Cancelled              = 'OperationStopped'
    Failed                 = 'NotSpecified'
    Unknown                = 'InvalidResult'
    NotSignedIn            = 'AuthenticationError'
    TooManyUsers           = 'LimitsExceeded'
    Stopped                = 'OperationStopped'
    RecordFailed           = 'WriteError'
    EndpointUnusable       = 'ConnectionError'
    InvalidSource          = 'InvalidArgument'
    SourceUnreadable       = 'ReadError'
    NotAllowed             = 'PermissionDenied'
    ExclusionUnreadable    = 'ReadError'
    ParseError             = 'ProtocolError'
    InvalidRequest         = 'ProtocolError'
    MethodNotFound         = 'ProtocolError'
    InvalidParams          = 'ProtocolError'
    InternalError          = 'NotSpecified'
    RunNotFound            = 'ObjectNotFound'
    RecordUnavailable      = 'OpenError'
    RecordNotFound         = 'ObjectNotFound'
    RecordDamaged          = 'InvalidData'
    RunBusy                = 'ResourceBusy'
    OtherTenant            = 'InvalidOperation'
    EngineStopping         = 'OperationStopped'
    EngineNotFound         = 'NotInstalled'
    EngineStartFailed      = 'OpenError'
    EngineProtocolMismatch = 'NotInstalled'
    EngineStopped          = 'ConnectionError'
    RunIncomplete          = 'OperationStopped'
    ConfirmationFailed     = 'InvalidOperation'
    TenantNotChosen        = 'InvalidArgument'
    InvalidPath            = 'InvalidArgument'
    JournalNotChosen       = 'InvalidArgument'
}

function New-UserSessionError {
    param([string]$Code, [string]$Message, $Target, $Exception)
    $category = $script:ErrorCategories[$Code]
    if (-not $category) { $category = 'NotSpecified' }
    $cause = [System.InvalidOperationException]::new($Message, ($Exception -as [System.Exception]))
    [System.Management.Automation.ErrorRecord]::new($cause, $Code, $category, $Target)
}

# The word for what the engine answered instead of a result.
function Get-RefusalCode {
    param($Reply)
    if ($Reply.error.data.code) { [string]$Reply.error.data.code } else { 'InternalError' }
}

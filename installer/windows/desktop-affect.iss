; Inno Setup: the installer for Windows. Per person, so nobody needs an administrator.
;   iscc /DVersion=0.1.0 /DSource=..\..\dist\desktop-affect installer\windows\desktop-affect.iss

#ifndef Version
  #error Say which version: /DVersion=1.2.3
#endif
#ifndef Source
  #define Source "..\..\dist\desktop-affect"
#endif

#define Name "Desktop Affect"
#define Program "Desktop Affect.exe"

[Setup]
; The same for every version: an upgrade replaces, it does not stand beside.
AppId={{6C3A2B1E-8B7E-4C52-9C0E-2D5B1F0A7E49}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=The Desktop Affect developers
VersionInfoVersion={#Version}
DefaultDirName={localappdata}\Programs\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputBaseFilename=desktop-affect-{#Version}-windows-x86_64-setup
OutputDir=..\..\dist
SetupIconFile=..\..\resources\icons\desktop-affect.ico
UninstallDisplayIcon={app}\{#Program}
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
; A running window would keep files that are to be replaced; it is asked to close, and recordings end whole.
CloseApplications=yes
RestartApplications=no
#ifdef Sign
SignTool=signtool
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "reports"; Description: "Offer Desktop Affect in “Open with” for session.json"; Flags: unchecked

[InstallDelete]
; Files of an older version that this one does not have. Settings, sessions and models of the person lie elsewhere.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\{#Program}"
Name: "{group}\Uninstall {#Name}"; Filename: "{uninstallexe}"
Name: "{userdesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
Root: HKCU; Subkey: "Software\Classes\Applications\{#Program}\shell\open\command"; ValueType: string; ValueData: """{app}\desktop-affect.exe"" replay ""%1"""; Flags: uninsdeletekey; Tasks: reports
Root: HKCU; Subkey: "Software\Classes\.json\OpenWithList\{#Program}"; ValueType: none; Flags: uninsdeletekey; Tasks: reports

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

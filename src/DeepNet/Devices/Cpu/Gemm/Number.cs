using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

// Numbers as types: each one makes its own copy of a kernel, and the number is the size of the type. The compiler knows sizes before it
// reads the branches that hang on them, so what is not taken costs no time to compile; of a constant behind a call it would read all of
// them first.

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct C1;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct C2;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct C3;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct C4;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct C5;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct C6;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct C7;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct C8;

[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct C9;

[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct C10;

[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct C11;

[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct C12;

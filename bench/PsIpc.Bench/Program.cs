using System;

Console.Error.WriteLine("usage: PsIpc.Bench <benchmark>");
return 2;

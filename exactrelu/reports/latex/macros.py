r"""The macros that reports use, and the preamble of a document of its own.

An author who defines a macro before the fragment is read has the last word: everything is a ``\providecommand``.
"""

from __future__ import annotations

PACKAGES = ("amsmath", "array", "booktabs", "longtable")

MACROS = r"""% Macros of exactrelu. Needs amsmath, array, booktabs, longtable. What is defined already is kept.
\providecommand{\exact}[3][]{#3}% \exact{key}{value}: a constant that exactrelu report --check looks up
\providecommand{\ertitle}[1]{\subsection*{#1}}
\providecommand{\ersection}[1]{\subsubsection*{#1}}
\providecommand{\erarray}[2]{#1^{(#2)}}% the array W of layer 1
\providecommand{\erparam}[3]{#1^{(#2)}_{#3}}% its entry 12
\providecommand{\erblock}[1]{\varphi_{#1}}
\providecommand{\erresidual}[1]{r_{#1}}
\providecommand{\ersignature}[1]{\texttt{#1}}
\providecommand{\ercode}[1]{\texttt{#1}}
\providecommand{\erfrac}[2]{\tfrac{#1}{#2}}
\providecommand{\erlong}[2]{{\approx}{#2}}% a number of many digits, exact and to nine digits; to show it exactly: {#1}
\providecommand{\erpower}[2]{\bigl(#1\bigr)^{#2}}
\providecommand{\erbreak}{\penalty50\relax}% where a line may end
\providecommand{\ertogether}{\addpenalty{500}}% between the lines of a cell
\providecommand{\erhang}{\par\ertogether\noindent\hangindent=3em\hangafter=1\relax}
\providecommand{\erhead}[1]{\par\vskip0pt plus 5\baselineskip\penalty-300\vskip0pt plus -5\baselineskip
  \addvspace{2ex plus 0.8ex}\erhang #1\par\nopagebreak}
\providecommand{\ercell}[2]{\erhead{\textbf{Cell #1}\quad\ersignature{#2}}}
\providecommand{\erloose}{\let\ertogether\relax}% where a page may end anywhere
\providecommand{\erpoint}[1]{\par\addvspace{2.4ex plus 0.8ex}\erhang\textbf{Point #1}\par\nopagebreak}
\providecommand{\erform}[2]{\erhang $#1=#2$\par}
\providecommand{\eritem}[2]{\erhang \textit{#1}\enspace #2\par}
\providecommand{\erdecision}[4]{\erhang \textit{#1:} \textbf{#2} (#3). #4\par}% question, answer, rule, proof
\providecommand{\erunicode}[1]{{\footnotesize[U+#1]}\erbreak}
\providecommand{\erlayout}{\parindent=0pt \parskip=0.5ex plus 0.2ex \rightskip=0pt plus 4em
  \tolerance=9999 \hbadness=10000 \emergencystretch=\linewidth
  \extrarowheight=2.5pt \hyphenpenalty=5000 \binoppenalty=10000 \relpenalty=10000
  \LTleft=1.5em \LTright=0pt plus 1fill \LTpre=1.4ex \LTpost=0.8ex }
% \erfit{formula}{otherwise}: a displayed formula, if it is not too wide
\providecommand{\erfit}[2]{\setbox0=\hbox{$\displaystyle #1$}%
  \ifdim\wd0<\dimexpr\linewidth-2em\relax \[#1\]\else #2\fi}
% \ertable{columns}{columns, some of them paragraphs}{least width for these}{header}{rows}: the second where the first
% is too wide, else a list; in two columns of text, where tables cannot be broken, a short table, or a list
\providecommand{\ernext}{&}
\providecommand{\errow}[1]{#1\tabularnewline}
\providecommand{\erlist}[2]{\begingroup\renewcommand{\ernext}{\quad}\renewcommand{\errow}[1]{\erhang ##1\par}%
  \erhang\textit{#1}\par\nopagebreak #2\endgroup}
\providecommand{\erlongtable}[3]{\begin{longtable}{@{}#1@{}}%
  \toprule\errow{#2}\midrule\endhead\bottomrule\endfoot #3\end{longtable}}
\providecommand{\ertable}[5]{\par\begingroup\setbox0=\hbox{\begin{tabular}{@{}#1@{}}\errow{#4}#5\end{tabular}}%
  \ifnum\csname col@number\endcsname>1
    \ifdim\wd0<\linewidth \ifdim\dimexpr\ht0+\dp0<9\baselineskip
      \noindent\begin{tabular}{@{}#1@{}}\toprule\errow{#4}\midrule #5\bottomrule\end{tabular}\par
    \else\erlist{#4}{#5}\fi\else\erlist{#4}{#5}\fi
  \else\ifdim\wd0<\dimexpr\linewidth-1.5em\relax \erlongtable{#1}{#4}{#5}%
  \else\ifdim\linewidth<#3\relax \erlist{#4}{#5}\else \tabcolsep=4pt \erlongtable{#2}{#4}{#5}%
  \fi\fi\fi\endgroup}
"""

PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX\pdfinfoomitdate=1 \pdftrailerid{}\pdfsuppressptexinfo=-1 \fi
\ifLuaTeX\pdfvariable suppressoptionalinfo 1023 \fi
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,array,booktabs,longtable}
\newcommand{\ertitle}[1]{\begin{center}\hyphenpenalty=10000 \Large\bfseries #1\par\end{center}}
\newcommand{\ersection}[1]{\section*{#1}}
\begin{document}
"""

import { strToU8, zipSync } from "fflate";

/** Lists as the ministry's and schools' software writes them; every pupil is invented. */
export const ONDE = [
  "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation photo",
  "BARANGER;;Zoé;03/04/2016;F;1234567890A;1 rue des Tilleuls;21000;Dijon;FRANCE;CYCLE II;CE1;CE1-CE2 Mme Lune;4321;Oui;Non",
  "D'ALMEIDA;D'ALMEIDA-ROY;Anaël;05/06/2015;M;1234567890B;2 rue des Tilleuls;21000;Dijon;FRANCE;CYCLE II;CE2;CE1-CE2 Mme Lune;4321;Oui;Non",
  "LEFÈVRE;;Maëlle Inès;07/08/2014;F;1234567890C;\"3; allée des Érables\";21000;Dijon;FRANCE;CYCLE III;CM1;CM1 M. Pré;4322;Non;Non",
].join("\r\n");

export const SIECLE = [
  "Num. Elève Etab;Sexe;Nom de famille;Nom d'usage;Prénom;Prénom 2;Prénom 3;Date Naissance;Id National;Code MEF;Lib. MEF;Code Structure;Type Structure;Lib. Structure",
  "101;2;BARANGER;;Zoé;Inès;;03/04/2014;1234567890A;10010012110;6EME;6B;D;6EME B",
  "101;2;BARANGER;;Zoé;Inès;;03/04/2014;1234567890A;10010012110;6EME;6ALL1;G;6e allemand",
  "102;1;NGUYEN;;Anaël;;;05/06/2013;1234567890B;10110001110;5EME;5A;D;5EME A",
].join("\r\n");

export const PRONOTE = [
  "Nom\tPrénom\tNé(e) le\tClasse\tGroupes\tRégime\tProjet d'accompagnement",
  "BARANGER\tZoé\t03/04/2014\t6B\t6e allemand, Chorale\tDEMI-PENSIONNAIRE\t",
  "NGUYEN\tAnaël\t05/06/2013\t5A\tChorale\tEXTERNE\tPAP",
].join("\n");

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => (c === "€" ? 0x80 : c === "’" ? 0x92 : c === "œ" ? 0x9c : c.charCodeAt(0)));
}

export function utf16(text: string, little: boolean, mark: boolean): Uint8Array {
  const out: number[] = mark ? (little ? [0xff, 0xfe] : [0xfe, 0xff]) : [];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    out.push(...(little ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff]));
  }
  return Uint8Array.from(out);
}

const escapeXml = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export function contentXml(sheets: readonly (readonly (readonly string[])[])[]): string {
  const tables = sheets.map((rows, i) => {
    const lines = rows.map((cells) => {
      if (cells.length === 0) return '<table:table-row><table:table-cell table:number-columns-repeated="1024"/></table:table-row>';
      let out = "";
      for (let c = 0; c < cells.length; ) {
        let n = 1;
        while (c + n < cells.length && cells[c + n] === cells[c]) n++;
        const repeat = n > 1 ? ` table:number-columns-repeated="${n}"` : "";
        out += cells[c] === "" ? `<table:table-cell${repeat}/>` : `<table:table-cell office:value-type="string"${repeat}><text:p>${escapeXml(cells[c]!)}</text:p></table:table-cell>`;
        c += n;
      }
      return `<table:table-row>${out}<table:table-cell table:number-columns-repeated="1000"/></table:table-row>`;
    });
    return `<table:table table:name="Feuille${i + 1}">${lines.join("")}<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ' +
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">' +
    `<office:body><office:spreadsheet>${tables.join("")}</office:spreadsheet></office:body></office:document-content>`
  );
}

export function odsOf(content: string): Uint8Array {
  return zipSync({
    mimetype: [strToU8("application/vnd.oasis.opendocument.spreadsheet"), { level: 0 }],
    "content.xml": strToU8(content),
    "styles.xml": strToU8("<x/>"),
  });
}

export function ods(...sheets: (readonly (readonly string[])[])[]): Uint8Array {
  return odsOf(contentXml(sheets));
}

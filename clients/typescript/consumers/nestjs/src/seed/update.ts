import { Injectable } from '@nestjs/common'
import { ContactApi, UpdateContactDto } from '@cirrus/omnichannel_api'
@Injectable()
export class UpdateExample {
constructor(private readonly contactApi: ContactApi) {}
async run() {
/**
* @param {string} clientIdentifier - Identificador único da conta.
* @param {string} contactId - Identificador do contato.
* @param {string} customName - Nome customizado para o contato.
* @param {string} platform - Caso queira que o contato possua uma plataforma exclusiva.
* @param {string[]} tagIds - Caso queira vincular tags ao um contato.
* @param {string} contactIdentifier - Contato do usuário (número de telefone, token (Telegram, etc).
* @param {boolean} isIgnored - Se 'true' o OMC não interceptará mensagens desse contato.
*/
const payload: UpdateContactDto = {
clientIdentifier: '9a92ea44-244c-4cda-86be-6a9e32ba8f34',
contactId: '68e54649a3744412be5cc107',
customName: 'Nome Modificado',
platform: 'karoochatnew',
}
await this.contactApi.update(payload)
}
}
